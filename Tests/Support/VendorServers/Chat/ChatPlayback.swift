import Glibc
import NIOCore
import NIOHTTP1

/// Writes one answer at its pace. On its channel's event loop only.
final class ChatPlayback {
    private let script: ChatScript
    private let number: Int
    private let manner: ChatServer.Manner
    private let server: ChatServer
    private let channel: any Channel
    /// The next write, and the next byte of it where the answer drips.
    private var frame = 0
    private var byte = 0
    private var tokens = 0
    private var isOver = false
    private var next: Scheduled<Void>?

    init(_ script: ChatScript, number: Int, manner: ChatServer.Manner, server: ChatServer, channel: any Channel) {
        self.script = script
        self.number = number
        self.manner = manner
        self.server = server
        self.channel = channel
    }

    func start() {
        server.note { $0.exchanges[number - 1].status = 200 }
        let headers = HTTPHeaders([("Content-Type", "text/event-stream; charset=utf-8"), ("Cache-Control", "no-cache")])
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
        channel.writeAndFlush(HTTPServerResponsePart.head(head), promise: nil)
        wait(manner.firstToken)
    }

    /// What an endless answer goes on with: more than a reader takes.
    private lazy var pour = Array(repeatElement(script.frames.last?.bytes ?? [], count: 64).joined())

    /// The client is gone.
    func leave() {
        next?.cancel()
        finish(.left(.now))
    }

    private func wait(_ delay: Duration) {
        guard !isOver else { return }
        let loop = channel.eventLoop.assumeIsolated()
        next = loop.scheduleTask(in: TimeAmount(delay)) { self.step() }
    }

    private func step() {
        guard !isOver else { return }
        guard frame < script.frames.count else { return end() }
        let current = script.frames[frame]
        guard !script.drips else {
            write([current.bytes[byte]], isToken: false)
            byte += 1
            if byte == current.bytes.count { (frame, byte) = (frame + 1, 0) }
            return
        }
        frame += 1
        tokens += current.isToken ? 1 : 0
        write(current.bytes, isToken: current.isToken)
    }

    private func write(_ bytes: [UInt8], isToken: Bool) {
        let part = HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: bytes)))
        server.note { $0.exchanges[number - 1].wrote(bytes.count, isToken: isToken) }
        channel.writeAndFlush(part).assumeIsolated().whenComplete { result in
            switch result {
            case .success: self.wait(self.delay)
            case .failure: self.finish(.left(.now))
            }
        }
    }

    /// Before the next write.
    private var delay: Duration {
        if script.drips { return manner.drip }
        // With a pause: an event loop goes on as long as a task is due, and would serve nobody else.
        if frame == script.frames.count, case .endless = script.end {
            return max(manner.betweenTokens, .milliseconds(1))
        }
        guard frame < script.frames.count, script.frames[frame].isToken, tokens > 0 else { return .zero }
        return manner.betweenTokens
    }

    private func end() {
        switch script.end {
        case .endless:
            write(pour, isToken: true)
        case .whole:
            finish(.whole)
            channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
        case .reset:
            finish(.reset)
            guard let options = channel as? any SocketOptionProvider else { return }
            let channel = channel
            options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func finish(_ end: ChatServerRecord.Exchange.End) {
        guard !isOver else { return }
        isOver = true
        server.note { record in
            record.exchanges[number - 1].end = end
            record.exchanges[number - 1].endedAt = .now
        }
    }
}
