/// Takes the ending off an English word, so that `booking`, `books` and `book` are one. Rough on purpose: both sides of
/// every comparison go through it, so it need not give real words.
enum WordStem {
    static func stem(_ word: String) -> String {
        guard word.count > 3 else { return word }
        var stem = word
        if stem.hasSuffix("ies") { stem = stem.dropLast(3) + "y" }
        if stem.hasSuffix("s"), !stem.hasSuffix("ss"), !stem.hasSuffix("us") { stem.removeLast() }
        for ending in ["ing", "ed"] where stem.hasSuffix(ending) && stem.count >= ending.count + 3 {
            stem.removeLast(ending.count)
            if let last = stem.last, stem.count > 3, stem.dropLast().last == last, !"aeiouls".contains(last) {
                stem.removeLast()  // planning -> plan
            }
            break
        }
        if stem.count > 3, stem.hasSuffix("e") { stem.removeLast() }
        return stem
    }
}

/// Words that say little about what a caller wants.
enum StopWords {
    static func contains(_ word: String) -> Bool { words.contains(word) }

    static func isEmpty(_ words: [String]) -> Bool { words.allSatisfy { contains($0) } }

    private static let words: Set<String> = [
        "a", "an", "the", "i", "me", "my", "mine", "we", "us", "our", "you", "your", "he", "him", "his", "she", "her",
        "it",
        "its", "they", "them", "their", "this", "that", "these", "those", "is", "am", "are", "was", "were", "be",
        "been",
        "being", "do", "does", "did", "have", "has", "had", "having", "will", "would", "shall", "should", "can",
        "could", "may",
        "might", "must", "to", "of", "in", "on", "at", "for", "from", "by", "with", "about", "into", "as", "up", "and",
        "or", "but", "if", "so", "then", "than", "not", "no", "yes", "please", "just", "some", "any", "there", "here",
        "what", "when", "where", "which", "who", "how", "why", "want", "need", "like", "get", "got", "um", "uh", "erm",
        "hmm", "well", "okay", "hello", "hi", "hey", "thank", "thanks", "really", "actually", "also", "too", "very",
        "going", "let", "maybe", "wanted", "sometime", "trying", "wondering", "hoping", "unfortunately", "tell", "give",
        "ask", "looking",
        "know", "think", "sorry", "oh", "one", "yeah", "right", "now", "calling", "call", "wa",
        "thi", "hav", "doe", "pleas", "her", "ar", "i'd",
    ]
}

/// Words that carry a day, a time or an amount. They say nothing about which wish it is.
enum CalendarWords {
    static func contains(_ word: String) -> Bool {
        words.contains(word) || word.first?.isNumber == true || SpokenNumber.cardinal(in: [word]) != nil
            || SpokenOrdinal.dayNumber(in: [word]) != nil
    }

    private static let words: Set<String> = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
        "april", "may", "june", "july", "august", "september", "october", "november", "december", "today", "tonight",
        "tomorrow", "morning", "afternoon", "evening", "night", "noon", "midday", "midnight", "week", "weekend", "next",
        "half", "quarter", "past", "o'clock", "pm",
    ]
}
