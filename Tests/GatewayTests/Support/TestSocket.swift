import NIOCore
import NIOPosix

/// What the engine's side of a socket sent.
enum SocketEvent: Equatable, Sendable {
    case text(String)
    case ping([UInt8])
    case pong([UInt8])
    /// The code of a close frame; nil when it has none.
    case close(UInt16?)
    case other(UInt8)
}

/// A WebSocket client that can do everything wrong: it writes its own bytes and reads the engine's (RFC 6455).
///
/// One task reads; events that nobody has read yet wait.
final class TestSocket {
    let channel: any Channel
    /// Of the answer to the upgrade.
    private(set) var status = 0
    private(set) var head = ""
    private let bytes: AsyncStream<[UInt8]>
    private var iterator: AsyncStream<[UInt8]>.Iterator
    private var buffered: [UInt8] = []
    private var hasEnded = false
    /// Marks are given back as soon as they come, like a provider's whose queue is empty.
    var returnsMarks = false
    var streamSid = "MZ1"

    private init(channel: any Channel, bytes: AsyncStream<[UInt8]>) {
        self.channel = channel
        self.bytes = bytes
        iterator = bytes.makeAsyncIterator()
    }

    /// Every connection with what it received, without anything sent yet.
    static func connect(port: Int) async throws -> TestSocket {
        let (bytes, continuation) = AsyncStream.makeStream(of: [UInt8].self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return TestSocket(channel: channel, bytes: bytes)
    }

    /// Connects and asks for the upgrade.
    /// - Parameter without: names of headers of a good handshake that are left out.
    static func open(
        port: Int,
        path: String = "/twilio/ws",
        method: String = "GET",
        headers: [(String, String)] = [],
        without: Set<String> = []
    ) async throws -> TestSocket {
        let socket = try await connect(port: port)
        try await socket.upgrade(path: path, method: method, headers: headers, without: without)
        return socket
    }

    func upgrade(
        path: String = "/twilio/ws",
        method: String = "GET",
        headers: [(String, String)] = [],
        without: Set<String> = []
    ) async throws {
        let all =
            [
                ("Host", "127.0.0.1"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
                ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            ].filter { !without.contains($0.0) } + headers
        try await send(raw: "\(method) \(path) HTTP/1.1\r\n" + all.map { "\($0): \($1)\r\n" }.joined() + "\r\n")
        try await readHead()
    }

    /// Reads one answer's head.
    func readHead() async throws {
        while true {
            let text = String(decoding: buffered, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                head = String(text[..<end.lowerBound])
                buffered.removeFirst(text[..<end.upperBound].utf8.count)
                status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                return
            }
            guard await receive() else { return }
        }
    }

    /// The rest of an answer that is no upgrade, until the engine closes.
    func readBody() async -> String {
        while await receive() {}
        return String(decoding: buffered, as: UTF8.self)
    }

    // MARK: Out

    func send(raw: String) async throws { try await send(raw: Array(raw.utf8)) }

    /// An engine that has ended the connection is no error here: reading tells.
    func send(raw: [UInt8]) async throws {
        do {
            try await channel.writeAndFlush(ByteBuffer(bytes: raw))
        } catch is ChannelError {
        } catch is IOError {
        }
    }

    func send(_ text: String) async throws { try await send(opcode: 1, Array(text.utf8)) }

    func send(opcode: UInt8, _ payload: [UInt8] = [], fin: Bool = true, masked: Bool = true) async throws {
        try await send(raw: Self.frame(opcode: opcode, payload, fin: fin, masked: masked))
    }

    static func frame(opcode: UInt8, _ payload: [UInt8], fin: Bool = true, masked: Bool = true) -> [UInt8] {
        var frame: [UInt8] = [(fin ? 0x80 : 0) | opcode]
        let bit: UInt8 = masked ? 0x80 : 0
        switch payload.count {
        case ..<126: frame.append(bit | UInt8(payload.count))
        case ..<65_536: frame += [bit | 126, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default: frame += [bit | 127] + (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        guard masked else { return frame + payload }
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    /// Ends the connection without a word.
    func drop() async throws { try? await channel.close() }

    /// Ends the connection with a reset instead of an orderly end.
    func reset() async throws {
        if let socket = channel as? any SocketOptionProvider {
            try await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await channel.close()
    }

    // MARK: In

    /// - Returns: nil when the engine has closed the connection.
    func next() async throws -> SocketEvent? {
        while true {
            if let event = takeFrame() {
                if returnsMarks, case .text(let text) = event, text.contains(#""event":"mark""#) {
                    try await send(text)
                }
                return event
            }
            guard await receive() else { return nil }
        }
    }

    /// Reads on until an event fits, or the connection ends.
    func first(where fits: (SocketEvent) -> Bool) async throws -> SocketEvent? {
        while let event = try await next() { if fits(event) { return event } }
        return nil
    }

    /// The next message of this kind.
    func message(_ event: String) async throws -> String? {
        guard
            case .text(let text)? = try await first(where: { received in
                guard case .text(let text) = received else { return false }
                return text.hasPrefix(#"{"event":"\#(event)""#)
            })
        else { return nil }
        return text
    }

    /// Reads to the close frame, answers it, and reads to the end of the connection.
    func closeCode() async throws -> UInt16? {
        guard case .close(let code)? = try await first(where: { if case .close = $0 { true } else { false } }) else {
            return nil
        }
        try await send(opcode: 8, code.map { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } ?? [])
        try? await channel.close(mode: .output)
        while try await next() != nil {}
        return code
    }

    private func receive() async -> Bool {
        guard !hasEnded, let more = await iterator.next() else {
            hasEnded = true
            return false
        }
        buffered += more
        return true
    }

    private func takeFrame() -> SocketEvent? {
        guard buffered.count >= 2 else { return nil }
        var length = Int(buffered[1] & 0x7F)
        var start = 2
        if length == 126 {
            guard buffered.count >= 4 else { return nil }
            length = Int(buffered[2]) << 8 | Int(buffered[3])
            start = 4
        } else if length == 127 {
            guard buffered.count >= 10 else { return nil }
            length = buffered[2..<10].reduce(0) { $0 << 8 | Int($1) }
            start = 10
        }
        guard buffered.count >= start + length else { return nil }
        let opcode = buffered[0] & 0x0F
        let payload = Array(buffered[start..<start + length])
        buffered.removeFirst(start + length)
        switch opcode {
        case 1: return .text(String(decoding: payload, as: UTF8.self))
        case 8: return .close(payload.count >= 2 ? UInt16(payload[0]) << 8 | UInt16(payload[1]) : nil)
        case 9: return .ping(payload)
        case 10: return .pong(payload)
        default: return .other(opcode)
        }
    }
}

/// Hands over what comes, and its end.
private final class Receiver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let output: AsyncStream<[UInt8]>.Continuation

    init(_ output: AsyncStream<[UInt8]>.Continuation) { self.output = output }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        output.yield(Array(unwrapInboundIn(data).readableBytesView))
    }

    func channelInactive(context: ChannelHandlerContext) { output.finish() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
