import Foundation

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What the engine told the provider to do with the call.
public struct TwiML: Sendable, Equatable {
    /// The stream the call is connected to.
    public struct Stream: Sendable, Equatable {
        public let url: String
        public let parameters: [String: String]

        public init(url: String, parameters: [String: String]) {
            self.url = url
            self.parameters = parameters
        }
    }

    /// The first `<Connect><Stream>`; nil when there is none.
    public let stream: Stream?
    /// What runs before the stream, in the order written: `Say "..."`, `Play`, `Pause`, ...
    public let before: [String]
    /// What runs once the stream is closed.
    public let after: [String]

    /// Reads an answer to the voice webhook.
    ///
    /// - Throws: `CallError.notTwiML` when it is not XML, or its root is not `<Response>`.
    public init(parsing document: [UInt8]) throws {
        let reader = Reader()
        let parser = XMLParser(data: Data(document))
        parser.shouldResolveExternalEntities = false
        parser.delegate = reader
        let parsed = parser.parse()
        if let fault = reader.fault { throw CallError.notTwiML(reason: fault) }
        guard parsed, parser.parserError == nil, reader.isComplete else {
            throw CallError.notTwiML(reason: "no well-formed XML (line \(parser.lineNumber))")
        }
        stream = reader.stream.map { Stream(url: $0, parameters: reader.parameters) }
        before = reader.before
        after = reader.after
    }

    private final class Reader: NSObject, XMLParserDelegate {
        var stream: String?
        var parameters: [String: String] = [:]
        var before: [String] = []
        var after: [String] = []
        var fault: String?
        /// The root element was closed. Foundation's parser on Linux reports success for documents that are cut short.
        var isComplete = false
        private var path: [String] = []
        private var text = ""
        private var verb = ""
        private var streamIsOurs = false

        func parser(
            _ parser: XMLParser,
            didStartElement name: String,
            namespaceURI: String?,
            qualifiedName: String?,
            attributes: [String: String] = [:]
        ) {
            if path.isEmpty, name != "Response" {
                fault = "the root is <\(name)>, not <Response>"
                parser.abortParsing()
                return
            }
            path.append(name)
            switch path.dropFirst() {
            case ["Connect", "Stream"] where stream == nil:
                stream = attributes["url"] ?? ""
                streamIsOurs = true
            case ["Connect", "Stream", "Parameter"] where streamIsOurs:
                if let name = attributes["name"] { parameters[name] = attributes["value"] ?? "" }
            case let deeper where deeper.count == 1:
                text = ""
                let reason = attributes["reason"].map { " (\($0))" } ?? ""
                verb = name + reason
            default: break
            }
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            if path.count >= 2 { text += string }
        }

        func parser(
            _ parser: XMLParser,
            didEndElement name: String,
            namespaceURI: String?,
            qualifiedName: String?
        ) {
            if path.dropFirst().elementsEqual(["Connect", "Stream"]) { streamIsOurs = false }
            if path.count == 2, !(name == "Connect" && stream != nil) {
                let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
                let line = name == "Say" ? "\(verb) \"\(words)\"" : verb
                if stream == nil { before.append(line) } else { after.append(line) }
            }
            if path.last != name { fault = "<\(path.last ?? "")> is closed by </\(name)>" }
            path.removeLast()
            isComplete = path.isEmpty
        }
    }
}
