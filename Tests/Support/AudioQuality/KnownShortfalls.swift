/// What is wanted and not reached, each with its reason, so that nobody takes it for held.
///
/// `make quality` fails on any other figure that is missed, and the tests on one of these that is met: it must leave the list.
public enum KnownShortfalls {
    public static let reasons: [String: String] = [:]

    public static func contains(_ figure: QualityFigure) -> Bool { reasons[figure.name] != nil }
}
