import Actors

/// The language models a tenant has: the same words in each, other likelihoods.
enum LanguageKind: String, CaseIterable, Sendable {
    case general, yesNo, dayTime, name, digits

    init(_ expectation: Expectation) {
        switch expectation {
        case .intents, .choice, .anything: self = .general
        case .yesNo: self = .yesNo
        case .dayTime: self = .dayTime
        case .name: self = .name
        case .digits: self = .digits
        }
    }

    /// How often each kind of sentence is said, relative to the others.
    struct Shares: Sendable {
        var phrases: Double
        var keywords: Double
        var emergencies: Double
        var choices: Double
        var dayTimes: Double
        var digits: Double
        var names: Double
        var answers: Double
        var courtesy: Double
    }

    /// Set by hand and checked on the recordings named in the decision page; the results change little with them.
    var shares: Shares {
        switch self {
        case .general:
            Shares(
                phrases: 3,
                keywords: 2,
                emergencies: 1,
                choices: 1,
                dayTimes: 2,
                digits: 1,
                names: 0,
                answers: 1.5,
                courtesy: 2
            )
        case .yesNo:
            Shares(
                phrases: 1,
                keywords: 0.7,
                emergencies: 0.5,
                choices: 0.3,
                dayTimes: 0.7,
                digits: 0.2,
                names: 0,
                answers: 6,
                courtesy: 1.5
            )
        case .dayTime:
            Shares(
                phrases: 0.7,
                keywords: 0.5,
                emergencies: 0.5,
                choices: 0.2,
                dayTimes: 7,
                digits: 0.1,
                names: 0,
                answers: 1,
                courtesy: 1
            )
        case .name:
            Shares(
                phrases: 0.7,
                keywords: 0.5,
                emergencies: 0.5,
                choices: 0.2,
                dayTimes: 0.3,
                digits: 0.2,
                names: 7,
                answers: 0.7,
                courtesy: 1
            )
        case .digits:
            Shares(
                phrases: 0.5,
                keywords: 0.4,
                emergencies: 0.4,
                choices: 0.2,
                dayTimes: 0.3,
                digits: 7,
                names: 0,
                answers: 0.7,
                courtesy: 1
            )
        }
    }
}
