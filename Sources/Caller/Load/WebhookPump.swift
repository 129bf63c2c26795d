import NIOCore
import NIOHTTP1

/// Sends each request when it is due, over connections that are kept open, and notes the answers.
///
/// One event loop does it all, and a request costs a few microseconds: at a thousand a second the engine is measured, and not
/// the generator. `@unchecked Sendable`: everything is touched on `loop` only.
final class WebhookPump: @unchecked Sendable {
    struct Answer: Sendable {
        var intent: WebhookMix.Intent
        /// nil: no answer.
        var status: Int?
        var failure: String?
        var milliseconds: Double
    }

    /// A request as it is sent.
    struct Message: Sendable {
        var intent: WebhookMix.Intent
        var head: HTTPRequestHead
        var body: ByteBuffer
    }

    struct Order {
        var message: Message
        var due: NIODeadline
    }

    struct Result: Sendable {
        var answers: [Answer]
        /// Sent more than 5 ms after they were due although a connection was free.
        var late: Int
    }

    private static let answerTime = TimeAmount.seconds(15)
    private static let lateAfter = TimeAmount.milliseconds(5)

    private let loop: any EventLoop
    private let connect: @Sendable (WebhookPump) -> EventLoopFuture<any Channel>
    private let render: @Sendable (Int) -> Message
    private let total: Int
    private let nanosecondsApart: Int64
    private let maximumConnections: Int
    private let done: EventLoopPromise<Result>

    private var start = NIODeadline.now()
    private var next = 0
    private var open = 0
    private var idle: [WebhookLine] = []
    private var waiting = CircularBuffer<Order>()
    private var busy: [ObjectIdentifier: WebhookLine] = [:]
    private var answers: [Answer] = []
    private var late = 0
    private var clock: RepeatedTask?

    /// - Parameter render: the request of a number; asked once for each, in order.
    init(
        loop: any EventLoop,
        requests total: Int,
        perSecond: Int,
        connections: Int,
        connect: @escaping @Sendable (WebhookPump) -> EventLoopFuture<any Channel>,
        render: @escaping @Sendable (Int) -> Message
    ) {
        self.loop = loop
        self.total = total
        self.connect = connect
        self.render = render
        nanosecondsApart = 1_000_000_000 / Int64(perSecond)
        maximumConnections = connections
        done = loop.makePromise(of: Result.self)
        answers.reserveCapacity(total)
    }

    /// Opens the connections first: they are not what is measured.
    func run() async throws -> Result {
        loop.execute { self.begin() }
        return try await done.futureResult.get()
    }

    /// Ends early; what was not sent is not counted.
    func cancel() {
        loop.execute {
            self.next = self.total
            self.waiting.removeAll()
        }
    }

    private func begin() {
        let lines = (0..<maximumConnections).map { _ in connect(self) }
        open = lines.count
        EventLoopFuture.whenAllComplete(lines, on: loop).whenComplete { outcome in
            for case .failure in (try? outcome.get()) ?? [] { self.open -= 1 }
            self.start = .now()
            self.clock = self.loop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(1)) { _ in self.tick()
            }
        }
    }

    private func tick() {
        let now = NIODeadline.now()
        while next < total, start + .nanoseconds(Int64(next) * nanosecondsApart) <= now {
            let due = start + .nanoseconds(Int64(next) * nanosecondsApart)
            if now - due > Self.lateAfter { late += 1 }
            waiting.append(Order(message: render(next), due: due))
            next += 1
        }
        send()
        for line in busy.values where line.order.map({ now - $0.due > Self.answerTime }) ?? false {
            line.giveUp("timeout")
        }
        while let order = waiting.first, now - order.due > Self.answerTime {
            waiting.removeFirst()
            note(order, status: nil, failure: "no connection")
        }
        guard next == total, waiting.isEmpty, busy.isEmpty else { return }
        clock?.cancel()
        for line in idle { line.close() }
        done.succeed(Result(answers: answers, late: late))
    }

    private func send() {
        while !waiting.isEmpty, let line = idle.popLast() {
            busy[ObjectIdentifier(line)] = line
            line.send(waiting.removeFirst())
        }
        guard !waiting.isEmpty, open < maximumConnections else { return }
        open += 1
        connect(self).whenFailure { _ in self.open -= 1 }
    }

    // MARK: From the connections

    func isFree(_ line: WebhookLine) {
        busy[ObjectIdentifier(line)] = nil
        idle.append(line)
        send()
    }

    func closed(_ line: WebhookLine) {
        busy[ObjectIdentifier(line)] = nil
        idle.removeAll { $0 === line }
        open -= 1
    }

    func note(_ order: Order, status: Int?, failure: String? = nil) {
        let nanoseconds = (NIODeadline.now() - order.due).nanoseconds
        answers.append(
            Answer(
                intent: order.message.intent,
                status: status,
                failure: failure,
                milliseconds: Double(nanoseconds) / 1e6
            )
        )
    }
}

/// One connection: one request at a time. Confined to its channel's event loop.
final class WebhookLine: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let pump: WebhookPump
    private var context: ChannelHandlerContext?
    private(set) var order: WebhookPump.Order?
    private var status = 0
    private var isKept = false

    init(_ pump: WebhookPump) { self.pump = pump }

    func send(_ order: WebhookPump.Order) {
        self.order = order
        guard let context else { return giveUp("closed") }
        context.write(wrapOutboundOut(.head(order.message.head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(order.message.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func giveUp(_ reason: String) {
        answered(status: nil, failure: reason)
        close()
    }

    func close() { context?.close(promise: nil) }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        pump.isFree(self)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        answered(status: nil, failure: "closed")
        pump.closed(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = Int(head.status.code)
            isKept = head.isKeepAlive
        case .body:
            break
        case .end:
            answered(status: status)
            if isKept { pump.isFree(self) } else { close() }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { giveUp("\(type(of: error))") }

    private func answered(status: Int?, failure: String? = nil) {
        guard let order else { return }
        self.order = nil
        pump.note(order, status: status, failure: failure)
    }
}
