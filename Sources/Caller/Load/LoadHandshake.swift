// SAFETY: one call into libcrypto. `EVP_Digest` reads `count` bytes of the message and writes the 20 bytes that `digest` holds;
// nothing is kept.
import COpenSSL
import NIOCore

/// The client's side of a WebSocket upgrade (RFC 6455 section 4.1) as bytes.
package struct LoadHandshake {
    enum Progress: Equatable {
        case more
        case open
        case refused(status: Int)
        case broken(String)
    }

    /// A server's answer is a few hundred bytes.
    private static let limit = 8192

    let request: String
    private let accept: String
    private var answer: [UInt8] = []

    init(_ address: StreamSocket.Address, authToken: String?, random: inout SplitMix) {
        let nonce = (0..<16).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        let key = String(decoding: LineCodec.base64(nonce[...]), as: UTF8.self)
        accept = Self.accept(key)
        let host = address.host.contains(":") ? "[\(address.host)]" : address.host
        var lines = [
            "GET \(address.path) HTTP/1.1", "Host: \(address.port == 80 ? host : "\(host):\(address.port)")",
            "Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: \(key)",
            "User-Agent: Twilio.TmeWs/1.0",
        ]
        if let authToken {
            let signature = TwilioSignature.sign(url: address.url, parameters: [], token: authToken)
            lines.append("\(TwilioSignature.header): \(signature)")
        }
        request = lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// What the server must answer to a key.
    package static func accept(_ key: String) -> String {
        let text = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        let result = EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
        precondition(result == 1, "libcrypto computes a SHA-1 of any message")
        return String(decoding: LineCodec.base64(digest[...]), as: UTF8.self)
    }

    /// Takes what the server sent; what follows the head stays in the buffer.
    mutating func read(_ buffer: inout ByteBuffer) -> Progress {
        while let byte = buffer.readInteger(as: UInt8.self) {
            answer.append(byte)
            if byte == 0x0A, answer.suffix(4) == [0x0D, 0x0A, 0x0D, 0x0A] { return judge() }
            if answer.count >= Self.limit { return .broken("its head is longer than \(Self.limit) bytes") }
        }
        return .more
    }

    private func judge() -> Progress {
        let lines = String(decoding: answer, as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, first.hasPrefix("HTTP/1.1 "), let status = Int(first.dropFirst(9).prefix(3))
        else { return .broken("it is not HTTP/1.1") }
        guard status == 101 else { return .refused(status: status) }
        let values = lines.dropFirst().compactMap { line -> String? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            guard line[..<colon].lowercased() == "sec-websocket-accept" else { return nil }
            return line[line.index(after: colon)...].filter { $0 != " " }
        }
        return values == [accept] ? .open : .broken("Sec-WebSocket-Accept is not the key's")
    }
}
