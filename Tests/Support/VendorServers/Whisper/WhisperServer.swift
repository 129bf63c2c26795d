import Engine

/// OpenAI's `/v1/audio/transcriptions` as its interface describes it.
public final class WhisperServer: Sendable {
    /// One part of a form that was posted.
    public struct Part: Sendable, Equatable {
        public let name: String
        public let fileName: String?
        public let contentType: String?
        public let bytes: [UInt8]
        public var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private struct State {
        var fault: VendorFault?
        var forms: [[Part]] = []
        var server: PlainServer?
    }

    public static let key = "test-key"
    private let state = Locked(State())

    public static let answer =
        #"{"task":"transcribe","language":"english","duration":5.0,"text":"Good morning. Hello there. Thanks for watching.","#
        + #""words":[{"word":"Good","start":0.5,"end":0.9},{"word":"morning","start":0.9,"end":1.4},{"word":"Hello","start":2.0,"#
        + #""end":2.4},{"word":"there","start":2.4,"end":3.0}],"segments":[{"id":0,"seek":0,"start":0.5,"end":1.5,"#
        + #""text":" Good morning.","tokens":[1],"temperature":0.0,"avg_logprob":-0.1,"compression_ratio":1.1,"no_speech_prob":0.01},"#
        + #"{"id":1,"seek":0,"start":2.0,"end":3.1,"text":" Hello there.","tokens":[1],"temperature":0.0,"avg_logprob":-0.2,"#
        + #""compression_ratio":1.1,"no_speech_prob":0.7},{"id":2,"seek":0,"start":3.1,"end":5.0,"text":" Thanks for watching.","#
        + #""tokens":[1],"temperature":0.0,"avg_logprob":-1.4,"compression_ratio":1.1,"no_speech_prob":0.9}],"#
        + #""usage":{"type":"duration","seconds":5}}"#

    public init() async throws {
        let plain = try await PlainServer { [weak self] request, connection in
            guard let self else { return connection.close() }
            self.answer(request, connection)
        }
        state.withLock { $0.server = plain }
    }

    public var plain: PlainServer { state.withLock { $0.server! } }
    public var baseURL: String { plain.http + "/v1" }
    public var forms: [[Part]] { state.withLock { $0.forms } }
    public func fault(_ fault: VendorFault?) { state.withLock { $0.fault = fault } }
    public func stop() async { await plain.stop() }

    private func answer(_ request: PlainRequest, _ connection: PlainConnection) {
        guard request.path == "/v1/audio/transcriptions", request.method == "POST" else {
            return connection.answer(404)
        }
        guard request.headers["Authorization"] == ["Bearer \(Self.key)"] else {
            return refuse(connection, 401, "invalid_api_key")
        }
        let type = request.headers["Content-Type"].first ?? ""
        guard type.hasPrefix("multipart/form-data; boundary="),
            let parts = Self.parts(Array(request.body.readableBytesView), boundary: String(type.dropFirst(30)))
        else { return refuse(connection, 400, "invalid_form") }
        let fault = state.withLock { state in
            state.forms.append(parts)
            return state.fault
        }
        if let fault { return connection.fail(fault, answer: Self.answer) }
        let endings = ["flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "wav", "webm"]
        let format = parts.first { $0.name == "response_format" }?.text
        guard let file = parts.first(where: { $0.name == "file" }),
            endings.contains(where: { file.fileName?.hasSuffix("." + $0) == true }),
            parts.contains(where: { $0.name == "model" }),
            format == "verbose_json" || !parts.contains(where: { $0.name == "timestamp_granularities[]" })
        else { return refuse(connection, 400, "invalid_request_error") }
        let text = format == "json" ? #"{"text":"Good morning.","usage":{"type":"duration","seconds":5}}"# : Self.answer
        connection.answer(200, headers: [("Content-Type", "application/json")], body: Array(text.utf8))
    }

    private func refuse(_ connection: PlainConnection, _ status: Int, _ code: String) {
        let body = #"{"error":{"message":"No.","type":"invalid_request_error","param":null,"code":"\#(code)"}}"#
        connection.answer(status, body: Array(body.utf8))
    }

    private static func parts(_ body: [UInt8], boundary: String) -> [Part]? {
        // Latin-1 keeps every byte one character.
        let text = String(body.map { Character(UnicodeScalar($0)) })
        var pieces = text.components(between: "--\(boundary)")
        guard pieces.count >= 2, pieces.removeFirst().isEmpty, pieces.removeLast() == "--\r\n" else { return nil }
        return pieces.map { piece in
            let halves = piece.components(between: "\r\n\r\n")
            let value = halves.dropFirst().joined(separator: "\r\n\r\n").dropLast(1)
            func quoted(_ name: String) -> String? {
                let after = halves[0].components(between: "\(name)=\"")
                return after.count > 1 ? String(after[1].prefix { $0 != "\"" }) : nil
            }
            let type = halves[0].components(between: "Content-Type: ")
            return Part(
                name: quoted(" name") ?? "",
                fileName: quoted("filename"),
                contentType: type.count > 1 ? type[1] : nil,
                bytes: value.unicodeScalars.map { UInt8($0.value) }
            )
        }
    }
}

extension String {
    fileprivate func components(between separator: String) -> [String] {
        let mark = Array(separator.unicodeScalars)
        var found: [String] = [], current: [UnicodeScalar] = []
        for scalar in unicodeScalars {
            current.append(scalar)
            if current.count >= mark.count, current.suffix(mark.count).elementsEqual(mark) {
                found.append(String(String.UnicodeScalarView(current.dropLast(mark.count))))
                current = []
            }
        }
        return found + [String(String.UnicodeScalarView(current))]
    }
}
