/// XML built from values: always well formed, because names are the program's and every text is escaped in one place.
package enum Markup {
    package enum Node: Equatable, Sendable {
        case element(Element)
        case text(String)
    }

    package struct Element: Equatable, Sendable {
        package var name: String
        package var attributes: [String: String]
        package var children: [Node]

        package init(name: String, attributes: [String: String] = [:], children: [Node] = []) {
            self.name = name
            self.attributes = attributes
            self.children = children
        }

        /// - Parameter attributes: those without a value are left out: the vendor's default then counts.
        init(_ name: String, _ attributes: [String: (any MarkupValue)?] = [:], _ children: [Node] = []) {
            self.init(
                name: name,
                attributes: attributes.compactMapValues { $0?.attribute },
                children: children
            )
        }
    }

    /// A whole document, written as the vendor's SDK writes it: attributes in alphabetical order, empty elements as `<Name />`.
    package static func document(_ root: Element) -> String {
        var output = #"<?xml version="1.0" encoding="UTF-8"?>"#
        write(root, to: &output)
        return output
    }

    private static func write(_ element: Element, to output: inout String) {
        output += "<\(element.name)"
        for (name, value) in element.attributes.sorted(by: { $0.key < $1.key }) {
            output += " \(name)=\""
            escape(value, inAttribute: true, to: &output)
            output += "\""
        }
        guard !element.children.isEmpty else {
            output += " />"
            return
        }
        output += ">"
        for child in element.children {
            switch child {
            case .element(let element): write(element, to: &output)
            case .text(let text): escape(text, inAttribute: false, to: &output)
            }
        }
        output += "</\(element.name)>"
    }

    /// Escapes what XML reserves and drops the characters XML 1.0 (section 2.2) cannot hold.
    private static func escape(_ text: String, inAttribute: Bool, to output: inout String) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"" where inAttribute: output += "&quot;"
            case "\n" where inAttribute: output += "&#10;"
            case "\t", "\n", "\r", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                output.unicodeScalars.append(scalar)
            default: break
            }
        }
    }
}

/// What an attribute can hold.
protocol MarkupValue: Sendable {
    var attribute: String { get }
}

extension String: MarkupValue { var attribute: String { self } }
extension Int: MarkupValue { var attribute: String { String(self) } }
extension Bool: MarkupValue { var attribute: String { self ? "true" : "false" } }
extension MarkupValue where Self: RawRepresentable<String> { var attribute: String { rawValue } }
/// Several words, separated by spaces.
extension Array: MarkupValue where Element: MarkupValue {
    var attribute: String { map(\.attribute).joined(separator: " ") }
}
