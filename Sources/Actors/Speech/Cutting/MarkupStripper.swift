/// Takes Markdown, tags, entities, pictures and control characters out of streamed text, one Unicode scalar at a time.
///
/// What is said stays: the text of a link, of a heading, of code. What it does never depends on how the text was chunked,
/// and it holds back at most `maximumHeld` scalars.
struct MarkupStripper: Sendable {
    /// A tag or a link's target that is longer is no tag and no target.
    static let maximumHeld = 512
    /// Accents on one letter; more is not writing.
    private static let maximumMarks = 8
    private static let maximumEntity = 8

    private enum State {
        case lineStart
        case text
        /// Of `*`, `_` or `~`.
        case run(Unicode.Scalar, Int)
        case exclamation, escape
        /// The rest of the line of a code fence.
        case fence
        case closedBracket, target(Unicode.Scalar)
        case tag, entity
    }

    private var state = State.lineStart
    private var held: [Unicode.Scalar] = []
    private var openBrackets = 0
    private var marks = 0
    /// What was given out last; nil at the start of a line.
    private var previous: Unicode.Scalar?
    /// A picture was taken out behind a space: a full stop that follows belongs to the word before it.
    private var tookPicture = false
    private var owesSpace = false

    /// - Parameter output: gets what is to be said; a line's end is `\n`.
    mutating func push(_ scalar: Unicode.Scalar, into output: inout [Unicode.Scalar]) {
        switch state {
        case .lineStart: beginLine(scalar, &output)
        case .text: text(scalar, &output)
        case .run(let mark, let count):
            if scalar == mark {
                state = .run(mark, min(count + 1, Self.maximumHeld))
            } else {
                endRun(mark, count, before: scalar, &output)
                text(scalar, &output)
            }
        case .exclamation:
            state = .text
            // `![` opens a picture: its description is said.
            if scalar != "[" { give("!", &output) }
            text(scalar, &output)
        case .escape:
            state = .text
            if scalar.isASCII, scalar.properties.isPatternSyntax {
                give(scalar, &output)
            } else {
                text(scalar, &output)
            }
        case .fence:
            if Self.isLineEnd(scalar) { endLine(&output) }
        case .closedBracket: afterBracket(scalar, &output)
        case .target(let close): target(scalar, close, &output)
        case .tag: tag(scalar, &output)
        case .entity: entity(scalar, &output)
        }
    }

    /// The text is over.
    mutating func finish(into output: inout [Unicode.Scalar]) {
        switch state {
        case .run(let mark, let count): endRun(mark, count, before: " ", &output)
        case .exclamation: give("!", &output)
        case .tag, .target: release(&output)
        case .entity:
            give("&", &output)
            release(&output)
        case .lineStart, .text, .escape, .fence, .closedBracket: break
        }
        self = MarkupStripper()
    }

    // MARK: Where a line starts

    private mutating func beginLine(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        guard let mark = held.first else { return beginsLine(scalar, &output) }
        if scalar == mark {
            if held.count < Self.maximumHeld { held.append(scalar) }
            return
        }
        let count = held.count
        let isSpaced = Self.isSpace(scalar) || Self.isLineEnd(scalar)
        held.removeAll(keepingCapacity: true)
        state = .text
        switch mark {
        case "`", "~":
            if count >= 3 {
                state = .fence
                return push(scalar, into: &output)
            }
            if mark == "~", count == 1 { give(mark, &output) }
        case "#" where isSpaced && count <= 6, "-" where isSpaced, "+" where isSpaced, "*" where isSpaced,
            "=" where isSpaced, "_" where isSpaced:
            state = .lineStart
        case "*", "_": break
        default: for _ in 0..<count { give(mark, &output) }
        }
        push(scalar, into: &output)
    }

    private mutating func beginsLine(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        switch scalar {
        case "#", "-", "+", "*", "=", "_", "`", "~": held.append(scalar)
        case ">", "|", "\u{2022}", "\u{25E6}", "\u{2043}": break
        default:
            if Self.isLineEnd(scalar) { return endLine(&output) }
            if Self.isSpace(scalar) { return }
            state = .text
            text(scalar, &output)
        }
    }

    private mutating func endLine(_ output: inout [Unicode.Scalar]) {
        output.append("\n")
        previous = nil
        owesSpace = false
        tookPicture = false
        marks = 0
        openBrackets = 0
        state = .lineStart
    }

    // MARK: Inside a line

    private mutating func text(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        state = .text
        switch scalar {
        case "*", "_", "~": state = .run(scalar, 1)
        case "`": break
        case "!": state = .exclamation
        case "\\": state = .escape
        case "[": openBrackets += 1
        case "]":
            if openBrackets > 0 {
                openBrackets -= 1
                state = .closedBracket
            }
        case "<": state = .tag
        case "&": state = .entity
        case "|": give(" ", &output)
        default:
            if Self.isLineEnd(scalar) { endLine(&output) } else { give(scalar, &output) }
        }
    }

    /// Emphasis is dropped; a sign between two figures or two spaces, or inside a name, is kept.
    private mutating func endRun(
        _ mark: Unicode.Scalar,
        _ count: Int,
        before next: Unicode.Scalar,
        _ output: inout [Unicode.Scalar]
    ) {
        state = .text
        let last = owesSpace ? " " : previous ?? " "
        let isKept =
            switch mark {
            case "_": Self.isWord(last) && Self.isWord(next)
            case "*":
                count == 1
                    && (last == " " && Self.isSpace(next) || Self.isFigure(last) && Self.isFigure(next))
            default: count == 1
            }
        if isKept { for _ in 0..<count { give(mark, &output) } }
    }

    // MARK: Links, tags, entities

    private mutating func afterBracket(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        switch scalar {
        case "(": state = .target(")")
        case "[": state = .target("]")
        default: text(scalar, &output)
        }
    }

    private mutating func target(
        _ scalar: Unicode.Scalar,
        _ close: Unicode.Scalar,
        _ output: inout [Unicode.Scalar]
    ) {
        if scalar == close {
            held.removeAll(keepingCapacity: true)
            state = .text
        } else if held.count == Self.maximumHeld || Self.isLineEnd(scalar) {
            release(&output)
            text(scalar, &output)
        } else {
            held.append(scalar)
        }
    }

    private mutating func tag(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        let opensTag = scalar.properties.isAlphabetic || scalar == "/" || scalar == "!" || scalar == "?"
        if held.isEmpty, !opensTag {
            give("<", &output)
            text(scalar, &output)
        } else if scalar == ">" {
            endTag(&output)
        } else if held.count == Self.maximumHeld || Self.isLineEnd(scalar) || scalar == "<" {
            release(&output)
            text(scalar, &output)
        } else {
            held.append(scalar)
        }
    }

    /// Tags that end what is said before them.
    private static let lineTags: Set<String> = [
        "br", "p", "li", "ul", "ol", "div", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "s", "speak",
    ]

    private mutating func endTag(_ output: inout [Unicode.Scalar]) {
        let content = String(String.UnicodeScalarView(held))
        if content.contains("://") || content.contains("@") && !content.contains(" ") { return release(&output) }
        held.removeAll(keepingCapacity: true)
        state = .text
        let name = content.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }.lowercased()
        if Self.lineTags.contains(name) {
            endLine(&output)
        } else if name == "break" {
            give(" ", &output)
        }
    }

    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "#39": "'", "#34": "\"", "nbsp": " ", "#160": " ",
        "euro": "\u{20AC}", "pound": "\u{A3}", "ndash": "\u{2013}", "mdash": "\u{2014}", "hellip": "\u{2026}",
        "deg": "\u{B0}", "rsquo": "\u{2019}",
    ]

    private mutating func entity(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        if scalar == ";" {
            let name = String(String.UnicodeScalarView(held))
            if let meant = Self.entities[name] {
                held.removeAll(keepingCapacity: true)
                state = .text
                return give(meant, &output)
            }
        } else if held.count < Self.maximumEntity, scalar == "#" || Self.isWord(scalar) {
            held.append(scalar)
            return
        }
        give("&", &output)
        release(&output)
        text(scalar, &output)
    }

    /// What was held is text after all.
    private mutating func release(_ output: inout [Unicode.Scalar]) {
        for scalar in held { give(scalar, &output) }
        held.removeAll(keepingCapacity: true)
        state = .text
    }

    // MARK: What can be said

    private static let stops: Set<Unicode.Scalar> = [".", ",", "!", "?", ";", ":"]

    private mutating func give(_ scalar: Unicode.Scalar, _ output: inout [Unicode.Scalar]) {
        if Self.isSpace(scalar) {
            owesSpace = true
            return
        }
        switch SpeechScalar(scalar, after: owesSpace ? nil : previous) {
        case .dropped: return
        case .picture:
            tookPicture = true
            owesSpace = true
            return
        case .mark:
            marks += 1
            if marks > Self.maximumMarks { return }
        case .said: marks = 0
        }
        if owesSpace, !(tookPicture && Self.stops.contains(scalar)) { output.append(" ") }
        owesSpace = false
        tookPicture = false
        output.append(scalar)
        previous = scalar
    }

    static func isLineEnd(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\n", "\r", "\u{B}", "\u{C}", "\u{85}", "\u{2028}", "\u{2029}": true
        default: false
        }
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        if 0x21...0x7E ~= scalar.value { return false }
        return scalar == " " || !isLineEnd(scalar) && scalar.properties.isWhitespace
    }

    private static func isFigure(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType != nil }
    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || isFigure(scalar)
    }
}
