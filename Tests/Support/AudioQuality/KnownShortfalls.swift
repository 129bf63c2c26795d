/// What is wanted and not reached, each with its reason, so that nobody takes it for held.
///
/// `make quality` fails on any other figure that is missed, and the tests on one of these that is met: it must leave the list.
public enum KnownShortfalls {
    public static let reasons: [String: String] = [
        "precision, tuned voices, hum 10 dB": hang,
        "precision, held out voices, hum 10 dB": hang,
        "recall, held out voices, pink 10 dB": "the ends of words lie below pink noise; a longer hang costs precision",
        "recall, held out voices, clean -36 dBFS": "the weak ends of quiet words fall under the fixed gate of -56 dBFS",
        "false triggers, piano at -44 dBFS": struck,
        "false triggers, drums at -44 dBFS": struck,
        "interruptions missed, lines drawn by chance, no echo":
            "two who talk at once can look like an echo; until it is disproved the caller must be as loud as the agent",
        "interruption p95, lines drawn by chance, echo 12 to 20 dB":
            "the filter learns some of a quiet caller, who then looks like an echo that moved, and that must not interrupt",
    ]

    private static let hang = "hum hides no word's end, so all of the hang that noise needs is counted as false"
    private static let struck =
        "struck notes over silence have a voice's onset and pitch; telling them apart takes a trained model"

    public static func contains(_ figure: QualityFigure) -> Bool { reasons[figure.name] != nil }
}
