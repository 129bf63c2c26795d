import NIOCore
import NIOWebSocket

/// One media stream of any provider on its event loop: sends a frame every 20 ms and plays what comes.
///
/// The decisions are in `CallerScript`, the queue in `PlayoutBuffer`, the figures in `CallMeter`; this joins them to
/// the socket.
final class StreamSession: ChannelInboundHandler, CallerClockMember, @unchecked Sendable {
    // @unchecked: every property is touched on `clock.eventLoop` only; `hangUp` and `finished` hop or are promises.
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// What is left when the socket is gone.
    struct Outcome: Sendable {
        let end: CallReport.End
        let closeCode: Int?
        let closeReason: String?
        let durationMs: Double
        let greetingMs: Double?
        let turns: [CallReport.Turn]
        let playout: CallReport.Playout
        let faults: [ProtocolFault: Int]
        let framesSent: Int
        let lateTicks: Int
        let said: [UInt8]
        let heard: [UInt8]
    }

    let finished: EventLoopFuture<Outcome>
    private let promise: EventLoopPromise<Outcome>
    private let clock: CallerClock
    private let line: Line
    private let framing: any StreamFraming
    private let report: @Sendable (CallEvent) -> Void

    private var context: ChannelHandlerContext?
    private var openedAt = NIODeadline.now()
    private var playout = PlayoutBuffer()
    private var script: CallerScript
    private var meter = CallMeter()
    private var speaking: (utterance: Utterance, frame: Int)?
    private var said: [UInt8] = []
    private var heard: [UInt8] = []
    private var faults: [ProtocolFault: Int] = [:]
    private var lateTicks = 0
    private var end: CallReport.End?
    private var endedAt = 0.0
    private var close: (code: Int, reason: String)?

    /// How long the engine may take to answer a close frame.
    private static let closeGrace = TimeAmount.seconds(2)

    init(
        line: Line,
        framing: any StreamFraming,
        clock: CallerClock,
        report: @escaping @Sendable (CallEvent) -> Void
    ) {
        self.line = line
        self.framing = framing
        self.clock = clock
        self.report = report
        promise = clock.eventLoop.makePromise()
        finished = promise.futureResult
        script = CallerScript(utterances: line.utterances.count, manner: line.manner)
        let bytes = Int(line.manner.maxDuration.milliseconds) * PhoneFrame.bytesPerMillisecond
        said.reserveCapacity(min(bytes, 1_000_000))
        heard.reserveCapacity(min(bytes, 1_000_000))
    }

    private var now: Double { Double((NIODeadline.now() - openedAt).nanoseconds) / 1e6 }

    /// Ends the call from outside, on any thread.
    func hangUp(_ reason: CallReport.End) {
        clock.eventLoop.execute { self.finish(reason) }
    }

    var eventLoop: any EventLoop { clock.eventLoop }

    /// The upgrade failed: there will be no session.
    func abandon(_ error: any Error) { promise.fail(error) }

    // MARK: the socket

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// Begins to talk. Not done in `handlerAdded`: until the upgrade is over, the channel drops what is written.
    func start() {
        clock.eventLoop.preconditionInEventLoop()
        guard let context else { return }
        openedAt = .now()
        for text in framing.opening() { send(text) }
        context.flush()
        clock.add(self)
        report(.opened(callSid: line.callID, streamSid: line.streamID))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text: receive(Array(frame.unmaskedData.readableBytesView))
        case .binary: faults[.binaryFrame, default: 0] += 1
        case .ping: write(.pong, frame.unmaskedData)
        case .connectionClose: closed(by: frame.unmaskedData)
        default: return
        }
        context.flush()
    }

    func channelInactive(context: ChannelHandlerContext) {
        settle(close == nil ? .connectionLost : .serverClosed)
        self.context = nil
        let outcome = Outcome(
            end: end ?? .connectionLost,
            closeCode: close?.code,
            closeReason: close?.reason,
            durationMs: endedAt,
            greetingMs: meter.greetingMs,
            turns: meter.turns,
            playout: meter.finished(),
            faults: faults,
            framesSent: framing.audioCount,
            lateTicks: lateTicks,
            said: said,
            heard: heard
        )
        promise.succeed(outcome)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    // MARK: the line

    func tick(due: NIODeadline, late: Bool) {
        // A clock that is making up for lost ticks must not charge a call with those before it opened.
        guard end == nil, due >= openedAt else { return }
        if late { lateTicks += 1 }
        let now = now
        let audible = play(now: now)
        switch script.tick(agentAudible: audible, now: now) {
        case .nothing: break
        case .speak(let index, let skipLead): begin(index, skipLead: skipLead, now: now)
        case .hangUp(let reason):
            // The frame just played has no counterpart: keep both sides of the recording equally long.
            said.append(contentsOf: repeatElement(PhoneFrame.silence, count: PhoneFrame.bytes))
            return finish(reason)
        }
        speak(due: due, now: now)
        context?.flush()
    }

    private func play(now: Double) -> Bool {
        let start = heard.count
        let frame = playout.tick(now: now, into: &heard)
        let audible = PhoneFrame.level(heard[start...]) > line.agentThreshold
        for name in frame.marks { giveBack(name) }
        let before = (meter.greetingMs, meter.turns.last)
        meter.played(frame, audible: audible, waiting: playout.waitingBytes > 0, now: now)
        if before.0 == nil, let greeting = meter.greetingMs { report(.greeted(atMs: greeting)) }
        if let turn = meter.turns.last, turn != before.1 {
            if before.1?.responseMs == nil, turn.responseMs != nil { report(.responded(turn)) }
            if before.1?.interruption?.silentMs == nil, turn.interruption?.silentMs != nil {
                report(.interrupted(turn))
            }
        }
        return audible
    }

    private func begin(_ index: Int, skipLead: Bool, now: Double) {
        let utterance = line.utterances[index]
        speaking = (utterance, skipLead ? utterance.firstSpeechFrame ?? 0 : 0)
        meter.began(utterance: utterance.name, now: now)
        report(.callerBegan(turn: index + 1, utterance: utterance.name, atMs: now))
    }

    /// Sends this tick's frame: the utterance, or the silence of an open line.
    private func speak(due: NIODeadline, now: Double) {
        let start = said.count
        if let (utterance, frame) = speaking, frame < utterance.frames {
            said.append(contentsOf: utterance.frame(frame))
            speaking = (utterance, frame + 1)
            let lastWord = utterance.lastSpeechFrame ?? utterance.frames - 1
            if utterance.lastSpeechFrame != nil, frame == utterance.firstSpeechFrame || frame == lastWord {
                meter.spoke(
                    first: frame == utterance.firstSpeechFrame,
                    last: frame == lastWord,
                    waiting: playout.waitingBytes > 0,
                    now: now
                )
            }
            if frame == lastWord { script.utteranceEnded(now: now) }
        } else {
            speaking = nil
            said.append(contentsOf: repeatElement(PhoneFrame.silence, count: PhoneFrame.bytes))
        }
        guard let context else { return }
        var text = context.channel.allocator.buffer(capacity: 400)
        let timestamp = Int((due - openedAt).nanoseconds / 1_000_000)
        let kind = framing.audio(said[start...], timestamp: timestamp, into: &text)
        write(kind, text)
    }

    private func receive(_ text: [UInt8]) {
        let (message, fault) = framing.read(text)
        if let fault { faults[fault, default: 0] += 1 }
        guard end == nil, let message else { return }
        switch message {
        case .media(let audio):
            playout.media(audio, now: now)
            meter.received(mediaBytes: audio.count, waitingBytes: playout.waitingBytes)
        case .mark(let name):
            if playout.mark(name) {
                meter.returnedAtOnce()
                giveBack(name)
            }
        case .clear:
            let cleared = playout.clear(now: now)
            meter.received(clear: cleared, now: now)
            for name in cleared.marks { giveBack(name) }
        // The provider moves the caller on, and with that the stream is over.
        case .transfer: finish(.transferred)
        case .digits: break
        }
    }

    private func giveBack(_ mark: String) {
        if let text = framing.mark(mark) { send(text) }
    }

    // MARK: the end

    /// Hangs up: `stop`, then a closing handshake with a bound on the engine's patience.
    private func finish(_ reason: CallReport.End) {
        guard end == nil else { return }
        settle(reason)
        guard let context else { return }
        if let text = framing.closing() { send(text) }
        write(.connectionClose, Self.closePayload(.normalClosure))
        context.flush()
        let channel = context.channel
        clock.eventLoop.scheduleTask(in: Self.closeGrace) { channel.close(promise: nil) }
    }

    private func closed(by payload: ByteBuffer) {
        var payload = payload
        let code = payload.readWebSocketErrorCode()
        let reason = String(buffer: payload)
        if end == nil {
            close = (code.map { Int(UInt16(webSocketErrorCode: $0)) } ?? 1005, reason)
            settle(.serverClosed)
            write(.connectionClose, Self.closePayload(code ?? .normalClosure))
            context?.flush()
        }
        context?.close(promise: nil)
    }

    private func settle(_ reason: CallReport.End) {
        guard end == nil else { return }
        end = reason
        endedAt = now
        clock.remove(self)
        report(.ended(reason, atMs: endedAt))
    }

    private static func closePayload(_ code: WebSocketErrorCode) -> ByteBuffer {
        var payload = ByteBuffer()
        payload.write(webSocketErrorCode: code)
        return payload
    }

    private func send(_ text: String) { write(.text, ByteBuffer(string: text)) }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) {
        let frame = WebSocketFrame(fin: true, opcode: opcode, maskKey: .random(), data: data)
        context?.write(wrapOutboundOut(frame), promise: nil)
    }
}
