/// What is wanted and not reached, each with its reason, so that nobody takes it for held.
///
/// `make quality` fails on any other figure that is missed, and the tests on one of these that is met: it must leave the list.
public enum KnownShortfalls {
    public static let reasons: [String: String] = [
        "precision, tuned voices, hum 10 dB": hang,
        "precision, held out voices, hum 10 dB": hang,
        "precision, tuned voices, fan 10 dB": hang,
        "recall, held out voices, pink 10 dB":
            "word ends below the noise; a hang that rises by 0.4 gives 0.892, but precision in pink noise falls under 0.95",
        "recall, held out voices, clean -36 dBFS":
            "the weak ends of quiet words; a gate at -60 dBFS instead of -56 gives 0.893",
        "false triggers, piano at -44 dBFS": struck,
        "false triggers, drums at -44 dBFS": struck,
        "interruptions missed, lines drawn by chance, no echo":
            "two who talk at once can look like an echo; until it is disproved the caller must be as loud as the agent",
        "interruption p95, lines drawn by chance, echo 12 to 20 dB":
            "the filter learns some of a quiet caller, who then looks like an echo that moved, and that must not interrupt",
    ]

    private static let hang =
        "the hang counts as false; one that rises by 0.25 instead of 0.33 gives 0.946 in hum, and 0.876 for the recall in pink noise"
    private static let struck =
        "struck notes over silence have a voice's onset and pitch; telling them apart takes a trained model"

    public static func contains(_ figure: QualityFigure) -> Bool { reasons[figure.name] != nil }
}
