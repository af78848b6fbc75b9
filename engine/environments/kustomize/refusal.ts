/** Why kustomize refuses to build: a clause that says what is wrong. It takes the place of the value that there is not. */
export class Refusal {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
