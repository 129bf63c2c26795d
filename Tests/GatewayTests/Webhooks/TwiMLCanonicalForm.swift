import Foundation
import FoundationXML
import Gateway

/// An XML document in one form: attributes in order, neighbouring texts joined, empty elements closed alike. Two documents mean
/// the same when theirs are equal. Read with Foundation's parser: a second opinion on what was written.
enum CanonicalXML {
    struct Element: Equatable {
        var name: String
        var attributes: [String: String]
        var children: [Node] = []

        func first(_ name: String) -> Element? {
            for case .element(let child) in children where child.name == name { return child }
            return nil
        }

        var elements: [Element] {
            children.compactMap { node in
                guard case .element(let element) = node else { return nil }
                return element
            }
        }

        var text: String {
            children.map { node in
                guard case .text(let text) = node else { return "" }
                return text
            }.joined()
        }
    }

    enum Node: Equatable {
        case element(Element)
        case text(String)
    }

    /// - Returns: nil for what is not well formed.
    static func tree(_ xml: String) -> Element? {
        let reader = Reader()
        let parser = XMLParser(data: Data(xml.utf8))
        parser.delegate = reader
        return parser.parse() ? reader.root : nil
    }

    static func form(_ xml: String) -> String? { tree(xml).map(form) }

    private static func form(_ element: Element) -> String {
        let attributes = element.attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value.debugDescription)" }
        let children = element.children.map { node in
            switch node {
            case .element(let child): form(child)
            case .text(let text): text.debugDescription
            }
        }
        return "<\(element.name)\(attributes.joined())>\(children.joined())</\(element.name)>"
    }

    private final class Reader: NSObject, XMLParserDelegate {
        private var stack: [Element] = []
        private(set) var root: Element?

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String]
        ) {
            stack.append(Element(name: name, attributes: attributes))
        }

        func parser(_ parser: XMLParser, foundCharacters text: String) {
            guard var element = stack.popLast() else { return }
            if case .text(let before)? = element.children.last {
                element.children[element.children.count - 1] = .text(before + text)
            } else {
                element.children.append(.text(text))
            }
            stack.append(element)
        }

        func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
            guard let element = stack.popLast() else { return }
            if var parent = stack.popLast() {
                parent.children.append(.element(element))
                stack.append(parent)
            } else {
                root = element
            }
        }
    }
}

extension String {
    /// The names of a TwiML document's verbs, in order.
    var verbs: [String] { CanonicalXML.tree(self)?.elements.map(\.name) ?? [] }
}

extension TwiML {
    /// The words that are said at the top of the document.
    var says: [String] {
        verbs.compactMap { verb in
            guard case .say(let say) = verb, case .text(let text)? = say.content.first else { return nil }
            return text
        }
    }

    var dial: Dial? {
        verbs.lazy.compactMap { verb in
            guard case .dial(let dial) = verb else { return nil }
            return dial
        }.first
    }

    var dialledNumber: Number? {
        guard case .number(let number)? = dial?.targets.first else { return nil }
        return number
    }

    var gathers: [Gather] {
        verbs.compactMap { verb in
            guard case .gather(let gather) = verb else { return nil }
            return gather
        }
    }
}
