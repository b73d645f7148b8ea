extension Command {
  static let target = Command(
    "target",
    usage:
      "target [epsilon=…] [L=…] [sigma2=…] [Delta=…] [R=…] [fstar=…] [L_pm=…] [L_mean=…] [L_rms=…] [L_max=…] [zeta2=…]",
    summary: "the accuracy that theory and `auto` parameters aim at",
    details: """
      Parameters that are left to the theory make the mean of ‖∇f‖² at most ε. The other keys stand for constants of \
      the problem that it does not know, or that the theory is to be asked about instead; `auto` gives them back. The \
      last four are for workers with objectives of their own: of L, L_mean, L_rms and L_max the next larger one bounds \
      one that is not known. With fstar= the gap f(x) − f* is known of any problem: it can be a condition and an axis. \
      What is searched for instead, with l2, is at most f* and less by no more than 10⁻¹³·max(1, f*).
      """,
    keys: [
      CommandKey("epsilon", .positive, "ε, the squared norm of the gradient to reach", standard: "1e-4"),
      CommandKey("L", .positive, words: ["auto"], "smoothness of f", standard: "the problem's"),
      CommandKey(
        "sigma2", .nonnegative, words: ["auto"], "σ², the variance of a stochastic gradient",
        standard: "the problem's"),
      CommandKey(
        "Delta", .nonnegative, words: ["auto"], "Δ = f(x⁰) − f*, how much there is to gain",
        standard: "the problem's"),
      CommandKey(
        "R", .nonnegative, words: ["auto"], "R = ‖x⁰ − x*‖, for convex problems", standard: "the problem's"),
      CommandKey(
        "fstar", .number, words: ["auto"], "f*, the infimum of f, for the gap", standard: "the problem's"),
      CommandKey(
        "L_pm", .nonnegative, words: ["auto"], "L±, the root of a finite sum's Hessian variance",
        standard: "the problem's"),
      CommandKey(
        "L_mean", .positive, words: ["auto"], "(1/n) Σ Lᵢ, the mean smoothness of the workers' objectives",
        standard: "the problem's"),
      CommandKey(
        "L_rms", .positive, words: ["auto"], "√((1/n) Σ Lᵢ²), for gradients of several ages",
        standard: "the problem's"),
      CommandKey(
        "L_max", .positive, words: ["auto"], "max Lᵢ, the smoothness of every worker's objective",
        standard: "the problem's"),
      CommandKey(
        "zeta2", .nonnegative, words: ["auto"], "ζ², a bound on (1/n) Σ ‖∇fᵢ − ∇f‖² for all points",
        standard: "the problem's"),
    ])
}
