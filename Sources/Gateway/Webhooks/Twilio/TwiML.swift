/// A TwiML document: XML that is always well formed, because it is built from values and escaped in one place.
///
/// - Source: twilio.com/docs/voice/twiml. Written as the official SDK writes it: attributes in alphabetical order, empty
///   elements as `<Name />`.
package struct TwiML: Equatable, Sendable {
    package enum Node: Equatable, Sendable {
        case element(Element)
        case text(String)
    }
    package struct Element: Equatable, Sendable {
        package var name: String
        package var attributes: [String: String] = [:]
        package var children: [Node] = []

        package init(name: String, attributes: [String: String] = [:], children: [Node] = []) {
            self.name = name
            self.attributes = attributes
            self.children = children
        }
    }

    package var verbs: [Element]

    package init(_ verbs: [Element] = []) { self.verbs = verbs }

    package var xml: String {
        var output = #"<?xml version="1.0" encoding="UTF-8"?>"#
        Self.write(Element(name: "Response", children: verbs.map(Node.element)), to: &output)
        return output
    }

    private static func write(_ element: Element, to output: inout String) {
        output += "<\(element.name)"
        for (name, value) in element.attributes.sorted(by: { $0.key < $1.key }) {
            output += " \(name)=\"\(escaped(value, quotes: true))\""
        }
        guard !element.children.isEmpty else {
            output += " />"
            return
        }
        output += ">"
        for child in element.children {
            switch child {
            case .element(let element): write(element, to: &output)
            case .text(let text): output += escaped(text, quotes: false)
            }
        }
        output += "</\(element.name)>"
    }

    /// Escapes what XML reserves and drops the characters XML 1.0 (section 2.2) cannot hold.
    private static func escaped(_ text: String, quotes: Bool) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"" where quotes: output += "&quot;"
            case "\n" where quotes: output += "&#10;"
            case "\t", "\n", "\r", "\u{20}"..."\u{D7FF}", "\u{E000}"..."\u{FFFD}", "\u{10000}"..."\u{10FFFF}":
                output.unicodeScalars.append(scalar)
            default: break
            }
        }
        return output
    }
}

/// The verbs this engine answers with.
extension TwiML.Element {
    package static func say(_ text: String, language: String) -> Self {
        Self(name: "Say", attributes: ["language": language], children: [.text(text)])
    }

    /// Blocks until the socket closes; then the provider asks `action` what comes next.
    package static func connect(stream url: String, action: String, parameters: [(name: String, value: String)]) -> Self
    {
        let children = parameters.map {
            TwiML.Node.element(Self(name: "Parameter", attributes: ["name": $0.name, "value": $0.value]))
        }
        let stream = Self(name: "Stream", attributes: ["url": url], children: children)
        return Self(name: "Connect", attributes: ["action": action, "method": "POST"], children: [.element(stream)])
    }

    package static func dial(_ number: String) -> Self {
        Self(name: "Dial", attributes: ["answerOnBridge": "true"], children: [.text(number)])
    }

    package static var hangup: Self { Self(name: "Hangup") }
    /// Must come first in its document; the call is not answered.
    package static func reject(reason: String) -> Self { Self(name: "Reject", attributes: ["reason": reason]) }
}
