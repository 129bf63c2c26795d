/// Yes and no in the forms people use: `yes that works`, `yeah`, `correct`, `no thank you`, `nope`, `not really`.
package struct YesNo: Equatable, Sendable {
    package enum Answer: Sendable, Equatable { case yes, no }

    /// What was said first; `no, that is right` says no first.
    package var first: Answer
    /// What was said last: in a confirmation the last word counts.
    package var last: Answer
    /// What follows the answer: `no, thursday` leaves `thursday`.
    package var rest: [String]

    /// Nil when the words do not begin with an answer.
    package init?(_ words: [String]) {
        var answers: [Answer] = []
        var rest = words[...]
        while !rest.isEmpty {
            if let (answer, length) = Self.answer(at: rest) {
                answers.append(answer)
                rest = rest.dropFirst(length)
            } else if let word = rest.first, Self.fillers.contains(word) {
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard let first = answers.first, let last = answers.last else { return nil }
        self.first = first
        self.last = last
        self.rest = Array(rest)
    }

    private static func answer(at words: ArraySlice<String>) -> (Answer, Int)? {
        for (answer, phrase) in phrases where words.starts(with: phrase) {
            // "It is" answers; "it is Rex" and "I do not know" do not.
            if openEnded.contains(phrase), let next = words.dropFirst(phrase.count).first, !fillers.contains(next),
                self.answer(at: words.dropFirst(phrase.count)) == nil
            {
                continue
            }
            return (answer, phrase.count)
        }
        return nil
    }

    private static let fillers: Set<String> = [
        "um", "uh", "erm", "er", "hmm", "oh", "ah", "well", "please", "thank", "thanks", "you", "very", "much", "so",
        "and",
        "then", "i", "guess", "sir", "madam", "ma'am", "great", "honestly",
    ]

    /// Answers only when the sentence ends with them.
    private static let openEnded: Set<[String]> = [
        ["i", "am"], ["it", "is"], ["i", "do"], ["i", "do", "not"], ["do", "not"], ["right"], ["good"], ["never"],
        ["it", "does", "not"], ["it", "is", "not"], ["that", "is", "it"],
    ]

    /// Longest first, so that `not really` is not `really`.
    private static let phrases: [(Answer, [String])] =
        (yes.map { (Answer.yes, $0.split(separator: " ").map(String.init)) }
        + no.map { (Answer.no, $0.split(separator: " ").map(String.init)) })
        .sorted { $0.1.count > $1.1.count }

    private static let yes = [
        "yes", "yeah", "yep", "yup", "yah", "ya", "yes it is", "yes it does", "yes you can", "yes i do", "yes i am",
        "sure", "sure thing", "of course",
        "certainly", "absolutely", "definitely", "exactly", "correct", "that is correct", "it is correct", "right",
        "that is right", "it is right", "all right", "alright", "okay", "fine", "that is fine", "that will be fine",
        "that would be fine", "perfect", "that is perfect", "good", "sounds good", "that sounds good", "sounds right",
        "sounds great", "that is good", "that is great", "great that works", "that works", "works for me",
        "that works for me", "it works", "go ahead", "please do", "do it", "do that", "you bet", "uh huh", "mm hmm",
        "mhm", "affirmative", "i think so", "i believe so", "no problem", "that will work", "that would work",
        "that would be great", "that would be good", "that is it", "indeed", "i do", "i am", "it is", "lovely",
        "confirm", "confirmed",
        "i confirm", "why not", "that is what i said", "you got it", "got it", "agreed",
    ]

    private static let no = [
        "no", "nope", "nah", "no way", "not really", "not at all", "not quite", "absolutely not", "definitely not",
        "certainly not", "of course not", "no thank you", "no thanks", "i do not think so", "i do not", "do not",
        "not correct",
        "that is not correct", "it is not correct", "that is not right", "that is not it", "not right", "that is wrong",
        "it is wrong", "wrong", "incorrect", "that is incorrect", "negative", "that does not work",
        "that will not work", "does not work", "it does not", "it is not", "that is not what i said", "never",
        "not yet",
        "rather not", "i would rather not", "i am afraid not", "please do not", "not okay", "not good", "not that",
    ]
}
