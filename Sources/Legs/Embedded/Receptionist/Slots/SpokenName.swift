/// Names of people and pets: `my name is john smith`, `it's rex`, `rex`.
package enum SpokenName {
    /// - Parameter isAsked: the caller was asked for a name, so bare words may be one.
    /// - Returns: the name with capitals; nil when the words do not look like one.
    package static func name(in words: [String], isAsked: Bool) -> String? {
        if let end = cueEnd(in: words), let name = plausible(Array(words[end...])) { return name }
        guard isAsked else { return nil }
        return plausible(Array(words.drop { openers.contains($0) }))
    }

    /// After the last `my name is`, `this is`, `her name is`.
    private static func cueEnd(in words: [String]) -> Int? {
        for start in words.indices.reversed() {
            for cue in cues where words[start...].starts(with: cue) { return start + cue.count }
        }
        return nil
    }

    private static func plausible(_ words: [String]) -> String? {
        var words = words.prefix { !enders.contains($0) }
        while let last = words.last, trailers.contains(last) { words.removeLast() }
        while let first = words.first, openers.contains(first) { words.removeFirst() }
        guard (1...4).contains(words.count), words.last != "and" else { return nil }
        let isName = words.allSatisfy { word in
            word.allSatisfy { $0.isLetter || $0 == "'" } && !neverNames.contains(word) && word.count <= 20
                && SpokenNumber.cardinal(in: [word]) == nil
        }
        return isName ? words.map(capitalised).joined(separator: " ") : nil
    }

    private static func capitalised(_ word: String) -> String {
        if word == "and" { return word }
        var startsPart = true
        var result = ""
        for character in word {
            result += startsPart ? character.uppercased() : String(character)
            startsPart = character == "'" && result.count == 2  // O'Brien
        }
        return result
    }

    private static let cues: [[String]] = [
        ["name", "is"], ["name's"], ["name", "would", "be"], ["is", "called"], ["they", "call", "me"], ["call", "me"],
        ["under", "the", "name", "of"], ["under", "the", "name"], ["for", "my", "dog"], ["for", "my", "cat"],
        ["named"], ["called"],
    ]
    private static let openers: Set<String> = [
        "it", "is", "this", "i", "am", "he", "she", "his", "her", "that", "would", "be", "the", "a", "oh", "um", "uh",
        "well", "sure", "yes", "yeah", "okay", "hello", "hi", "my", "dog", "cat", "puppy", "kitten", "pet", "name",
        "for",
        "mister", "missus", "no", "sorry", "actually", "it's", "to", "under", "s", "was", "will", "let", "me", "see",
        "of", "course", "please", "rabbit", "and",
    ]
    /// Words after which no part of the name follows.
    private static let enders: Set<String> = [
        "on", "for", "at", "from", "who", "because", "but", "next", "tomorrow", "today", "monday", "tuesday",
        "wednesday", "thursday", "friday", "saturday", "sunday",
    ]
    private static let trailers: Set<String> = [
        "please", "speaking", "here", "calling", "thanks", "thank", "you", "again", "okay", "by", "the", "way", "sir",
    ]
    /// A name with one of these in it is a sentence.
    private static let neverNames: Set<String> = [
        "not", "no", "yes", "what", "why", "how", "who", "when", "where", "which", "can", "could", "will", "would",
        "do",
        "does", "did", "know", "want", "need", "like", "have", "has", "is", "are", "was", "am", "i", "you", "we",
        "they",
        "he", "she", "it", "my", "your", "his", "her", "our", "their", "the", "a", "an", "to", "of", "in", "about",
        "with", "that", "this", "there", "please", "think", "say", "said", "tell", "remember", "sure", "sorry", "wait",
        "people", "guests", "appointment", "appointments", "quote", "order", "person", "hours", "question", "never",
        "mind", "nothing", "something",
        "anything", "everything", "again", "repeat", "cancel", "change", "book", "forget", "or", "if", "so", "because",
        "don't", "hello", "goodbye", "bye", "just", "very", "really", "going", "get", "got", "make", "any", "some",
        "me",
        "name", "names", "maybe", "right", "wrong", "day", "time", "morning", "afternoon", "evening", "night", "noon",
        "today", "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "number",
        "phone", "dollars", "late", "early", "okay", "fine", "good", "thanks", "thank", "hmm", "um", "uh",
    ]
}
