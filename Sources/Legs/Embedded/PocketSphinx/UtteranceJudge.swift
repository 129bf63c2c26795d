import Foundation

/// Says how far a result can be believed.
///
/// A search always finds something. What gives a forced result away: the sounds fit badly (score a frame), the words
/// make no sentence the tenant's callers say (language score a word), and many of them come from the list of common
/// words. The three are joined by a logistic function, fitted to the recordings named in the decision page.
enum UtteranceJudge {
    /// - Returns: 0...1; 0 for no words.
    static func confidence(_ utterance: RecognizedUtterance) -> Double {
        guard !utterance.words.isEmpty, utterance.frames > 0 else { return 0 }
        let count = Double(utterance.words.count)
        let scorePerFrame = Double(utterance.score) / Double(utterance.frames)
        let languageScorePerWord = Double(utterance.words.reduce(0) { $0 + $1.languageScore }) / count
        let own = Double(utterance.words.count(where: \.isOwn)) / count
        let evidence =
            Weights.scorePerFrame * scorePerFrame + Weights.languageScorePerWord * languageScorePerWord / 1000
            + Weights.own * own + Weights.constant
        return scorePerFrame < worstFit || isNoise(utterance) ? 0 : 1 / (1 + exp(-evidence))
    }

    /// None of the recordings' in-domain results lies below -49.1; half of the other speech and loud babble do.
    private static let worstFit = -50.0

    /// Steady noise becomes a word that lasts impossibly long, a bang becomes a short one in a long stretch of nothing.
    private static func isNoise(_ utterance: RecognizedUtterance) -> Bool {
        let frames = utterance.words.reduce(0) { $0 + $1.frames }
        let letters = utterance.words.reduce(0) { $0 + $1.text.count }
        let longest = utterance.words.count * slackFrames + letters * longestLetterFrames
        return frames > longest || frames * leastShare < utterance.frames
    }

    /// Frames of 10 ms. Slow speech takes 8 for a letter, a drawn-out "no" half a second; noise took 90 for "bird".
    private static let longestLetterFrames = 12
    private static let slackFrames = 30
    /// A tenth of what was heard are words. A short "no" with pre-roll and end-of-turn silence has a fifth.
    private static let leastShare = 10

    /// Fitted by logistic regression on 169 right and 260 wrong or out-of-domain results; cross-validated by utterance.
    private enum Weights {
        static let scorePerFrame = 0.206
        static let languageScorePerWord = 7.091
        static let own = 1.146
        static let constant = 10.212
    }
}
