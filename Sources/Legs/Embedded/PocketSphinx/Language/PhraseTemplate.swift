/// A short notation for many ways to say one thing: `[on] DAY (morning | evening)`.
///
/// Square brackets hold what may be left out, round ones a choice; neither nests. A word in capitals names a
/// `WordClass`.
package enum PhraseTemplate {
    /// - Returns: every sentence the template stands for, each a list of words and class names, in a fixed order.
    package static func sentences(_ template: String) -> [[String]] {
        parts(of: template).reduce([[]]) { sentences, alternatives in
            sentences.flatMap { sentence in alternatives.map { sentence + $0 } }
        }
        .filter { !$0.isEmpty }
    }

    /// Every line of a text is a template.
    static func lines(_ text: String) -> [[String]] {
        text.split(separator: "\n").flatMap { sentences(String($0)) }
    }

    private static func parts(of template: String) -> [[[String]]] {
        var parts: [[[String]]] = []
        var rest = Substring(template)
        while let first = rest.first {
            switch first {
            case " ": rest = rest.dropFirst()
            case "[", "(":
                let inner = rest.dropFirst().prefix { $0 != "]" && $0 != ")" }
                precondition(inner.endIndex < rest.endIndex, "a template closes its brackets: \(template)")
                let choices = inner.split(separator: "|").map { $0.split(separator: " ").map(String.init) }
                parts.append(first == "[" ? [[]] + choices : choices)
                rest = rest[inner.endIndex...].dropFirst()
            default:
                let word = rest.prefix { !" [(".contains($0) }
                parts.append([[String(word)]])
                rest = rest[word.endIndex...]
            }
        }
        return parts
    }
}
