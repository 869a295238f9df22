package service;

/** An answer that is no success; thrown anywhere below a handler. */
final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int status;

    Problem(int status, String title) {
        super(title);
        this.status = status;
    }
}
