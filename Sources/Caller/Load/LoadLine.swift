import NIOCore

/// One call of a load test on its socket: upgrade, stream, marks, play-out, and the times it takes.
///
/// The same manners as `StreamSession`, made for hundreds on one core: bytes in, bytes out, one write per tick, no object per
/// frame. Everything happens on one event loop; `@unchecked Sendable` by that confinement.
final class LoadLine: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// How a line ended.
    enum Ending: Sendable, Equatable {
        /// We hung up.
        case held
        case failed(LoadFailure)
    }

    /// What all lines of a run share. `@unchecked Sendable`: touched on the run's event loop only.
    final class Stage: @unchecked Sendable {
        let recordings: [LoadRecording]
        let quiet: LoadRecording
        let manner: LoadManner
        let echo: LoadEcho.Tables?
        let meter: LoadMeter
        let clock: LoadClock
        var frames: LoadFrames
        var random: SplitMix

        init(
            recordings: [LoadRecording],
            quiet: LoadRecording,
            manner: LoadManner,
            echo: LoadEcho.Tables?,
            meter: LoadMeter,
            clock: LoadClock,
            seed: UInt64
        ) {
            self.recordings = recordings
            self.quiet = quiet
            self.manner = manner
            self.echo = echo
            self.meter = meter
            self.clock = clock
            frames = LoadFrames(seed: seed)
            random = SplitMix(seed: seed &+ 1)
        }
    }

    private enum State { case upgrading, open, closing, ended }

    private let stage: Stage
    private let ended: EventLoopPromise<Ending>
    private var state = State.upgrading
    private var handshake: LoadHandshake
    private var messages: ProviderMessages
    private let accountSid: String
    private let callSid: String
    private let streamSid: [UInt8]
    private let tail: [UInt8]
    private var context: ChannelHandlerContext?
    private var output = ByteBuffer()
    /// Bytes of a frame that has not come whole.
    private var pending = ByteBuffer()
    private var fragments: [UInt8] = []

    private var caller: LoadCaller
    private var playout = LoadPlayout()
    private var echo: LoadEcho?
    private var sequence = 1
    private var chunk = 0
    private var tickNumber = 0
    private var quietFrame = 0
    private var repliesCounted = 0
    private var unansweredCounted = 0

    /// What an engine may take for an upgrade before a call that is hung up meanwhile counts as failed.
    private static let upgradeTime = TimeAmount.seconds(1)

    // Times in nanoseconds of the loop's clock.
    private var connectedAt = NIODeadline.now()
    private var openedAt = NIODeadline.uptimeNanoseconds(0)
    private var isGreeted = false
    /// When the caller's last word went out, while its answer is awaited.
    private var lastWordAt: NIODeadline?
    /// When the caller's first word over the agent's went out, while `clear` is awaited.
    private var interruptedAt: NIODeadline?
    private var isSpeaking = false
    private var answerCameEarly = false
    private var mayClear = false

    init(
        stage: Stage,
        address: StreamSocket.Address,
        configuration: TwilioCallConfiguration,
        parameters: [String: String],
        ended: EventLoopPromise<Ending>
    ) {
        self.stage = stage
        self.ended = ended
        handshake = LoadHandshake(address, authToken: configuration.authToken, random: &stage.random)
        let sid = TwilioCallConfiguration.randomSid("MZ")
        streamSid = Array(sid.utf8)
        tail = Array(#""},"streamSid":"\#(sid)"}"#.utf8)
        accountSid = ProviderMessages.escape(configuration.accountSid)
        callSid = configuration.callSid
        messages = ProviderMessages(
            streamSid: sid,
            callSid: configuration.callSid,
            accountSid: configuration.accountSid,
            customParameters: parameters
        )
        caller = LoadCaller(
            manner: stage.manner,
            lengths: stage.recordings.map(\.frames),
            seed: stage.random.next()
        )
        echo = stage.echo.map(LoadEcho.init)
        quietFrame = Int(stage.random.next() % UInt64(stage.quiet.frames))
    }

    // MARK: The connection

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        connectedAt = .now()
        output = context.channel.allocator.buffer(capacity: 1024)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: handshake.request)), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(state == .closing ? .held : .failed(.connectionLost))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        if state == .upgrading {
            switch handshake.read(&buffer) {
            case .more: return
            case .open: begin()
            case .refused(let status): return end(.failed(.upgradeRefused(status: status)))
            case .broken(let reason): return end(.failed(.upgradeBroken(reason)))
            }
        }
        guard buffer.readableBytes > 0, state != .ended else { return }
        guard pending.readableBytes > 0 else {
            let used = read(buffer.readableBytesUInt8Span)
            buffer.moveReaderIndex(forwardBy: used)
            if buffer.readableBytes > 0, state != .ended { pending = ByteBuffer(bytes: buffer.readableBytesView) }
            return
        }
        pending.writeBuffer(&buffer)
        let whole = pending
        pending.moveReaderIndex(forwardBy: read(whole.readableBytesUInt8Span))
        pending.discardReadBytes()
    }

    /// Hangs up as a provider does: `stop`, then the close frame; the peer has two seconds to answer.
    func hangUp() {
        guard let context else { return }
        switch state {
        case .open: state = .closing
        case .closing, .ended: return end(.held)
        case .upgrading:
            // The run's end may come while a call is being connected; one that has waited for long is a failure.
            return end(.now() - connectedAt < Self.upgradeTime ? .held : .failed(.connectionLost))
        }
        stage.clock.remove(self)
        output.clear()
        let stop =
            #"{"event":"stop","sequenceNumber":"\#(sequence + 1)","stop":{"accountSid":"\#(accountSid)","#
            + #""callSid":"\#(callSid)"},"streamSid":"\#(String(decoding: streamSid, as: UTF8.self))"}"#
        stage.frames.write(.text, Array(stop.utf8), into: &output)
        stage.frames.write(.close, [0x03, 0xE8], into: &output)
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        let loopBound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.assumeIsolated().scheduleTask(in: .seconds(2)) { loopBound.value.close(promise: nil) }
    }

    private func begin() {
        state = .open
        openedAt = .now()
        output.clear()
        stage.frames.write(.text, Array(ProviderMessages.connected.utf8), into: &output)
        stage.frames.write(.text, Array(messages.start().utf8), into: &output)
        context?.writeAndFlush(wrapOutboundOut(output), promise: nil)
        stage.meter.calls(changedBy: 1, now: seconds(openedAt))
        stage.clock.add(self)
    }

    private func end(_ ending: Ending) {
        guard state != .ended else { return }
        let wasOpen = state == .open || state == .closing
        state = .ended
        if wasOpen {
            stage.meter.calls(changedBy: -1, now: seconds(.now()))
            stage.clock.remove(self)
        }
        context?.close(promise: nil)
        context = nil
        ended.succeed(ending)
    }

    private func seconds(_ deadline: NIODeadline) -> Double { Double(deadline.uptimeNanoseconds) / 1e9 }

    // MARK: In

    /// - Returns: bytes used.
    private func read(_ bytes: Span<UInt8>) -> Int {
        var position = 0
        while state != .ended {
            switch LoadFrameReader.next(bytes, at: position) {
            case .more: return position
            case .broken:
                end(.failed(.brokenFrame))
                return bytes.count
            case .frame(let opcode, let isFinal, let payload):
                position = payload.upperBound
                handle(opcode, isFinal, bytes.extracting(payload))
            }
        }
        return bytes.count
    }

    private func handle(_ opcode: LoadFrames.Opcode, _ isFinal: Bool, _ payload: Span<UInt8>) {
        switch opcode {
        case .text where isFinal: message(payload)
        case .text, .continuation:
            for index in 0..<payload.count { fragments.append(payload[index]) }
            guard fragments.count <= LoadFrameReader.limit else { return end(.failed(.brokenFrame)) }
            if isFinal {
                message(fragments.span)
                fragments = []
            }
        case .ping:
            output.clear()
            stage.frames.write(.pong, Self.copy(of: payload), into: &output)
            context?.writeAndFlush(wrapOutboundOut(output), promise: nil)
        case .pong: break
        case .binary: stage.meter.messagesOdd += 1
        case .close:
            if state == .closing { return end(.held) }
            let code = payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : 1005
            end(.failed(.closedByEngine(code: code)))
        }
    }

    private func message(_ bytes: Span<UInt8>) {
        guard state == .open else { return }
        let found = LoadMessage(scanning: bytes)
        let text = bytes.extracting(found.text)
        switch found.kind {
        case .media:
            guard found.isEscaped else { return heard(text) }
            let plain = Self.unescaped(text)
            heard(plain.span)
        case .mark:
            if playout.mark(text) {
                output.clear()
                sequence += 1
                let name = Self.copy(of: text)
                stage.frames.writeMark(sequence: sequence, name: name[...], streamSid: streamSid, into: &output)
                context?.writeAndFlush(wrapOutboundOut(output), promise: nil)
            }
        case .clear: cleared()
        case .other, .broken: stage.meter.messagesOdd += 1
        }
    }

    /// JSON may write `/` as `\/`; base64 has no other character to escape.
    private static func unescaped(_ text: Span<UInt8>) -> [UInt8] {
        copy(of: text).filter { $0 != UInt8(ascii: "\\") }
    }

    private static func copy(of text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for index in 0..<text.count { bytes.append(text[index]) }
        return bytes
    }

    private func heard(_ text: Span<UInt8>) {
        let meter = stage.meter
        let isAudible = LoadLoudness.isAudible(text)
        playout.media(bytes: LoadLoudness.audioBytes(text), isAudible: isAudible)
        echo?.media(text)
        if meter.isOpen {
            meter.framesReceived += 1
            meter.leads.record(Double(playout.waitingBytes) / Double(PhoneFrame.bytesPerMillisecond))
        }
        guard isAudible else { return }
        if let lastWord = lastWordAt {
            lastWordAt = nil
            if meter.isOpen { meter.answered(after: milliseconds(since: lastWord), now: Self.monotonic) }
        } else if isSpeaking, interruptedAt == nil, !answerCameEarly {
            answerCameEarly = true
            if meter.isOpen { meter.answersEarly += 1 }
        }
        if !isGreeted {
            isGreeted = true
            meter.greetings.record(milliseconds(since: openedAt))
        }
    }

    private func cleared() {
        playout.clear()
        echo?.clear()
        if let since = interruptedAt {
            interruptedAt = nil
            if stage.meter.isOpen { stage.meter.bargeIns.record(milliseconds(since: since)) }
        } else if !mayClear, stage.meter.isOpen {
            stage.meter.clearsUnprovoked += 1
        }
        output.clear()
        returnMarks()
        if output.readableBytes > 0 { context?.writeAndFlush(wrapOutboundOut(output), promise: nil) }
    }

    private func milliseconds(since time: NIODeadline) -> Double {
        Double((NIODeadline.now() - time).nanoseconds) / 1e6
    }

    // MARK: Out

    /// 20 ms of the line.
    func tick(isLate: Bool) {
        guard state == .open, let context else { return }
        tickNumber += 1
        output.clear()
        if isLate { playout.excuse() }
        returnMarks()
        let played = playout.tick()
        let frame = caller.tick(tickNumber, agentIsAudible: played.isAudible)
        count(played.bytes, played.gap, frame)
        let source: LoadRecording
        let index: Int
        var speech: (first: Bool, last: Bool, interrupts: Bool)?
        switch frame {
        case .quiet:
            source = stage.quiet
            index = quietFrame
            quietFrame = quietFrame + 1 == source.frames ? 0 : quietFrame + 1
        case .speech(let recording, let number, let interrupts):
            source = stage.recordings[recording]
            index = number
            speech = (number == source.firstSpeech, number == source.lastSpeech, interrupts)
        }
        let isEcho = echo?.tick(caller: source.audio, callerFrame: index) ?? false
        sequence += 1
        chunk += 1
        guard context.channel.isWritable else {
            // A real line would lose it, too.
            stage.meter.framesHeldBack += 1
            return
        }
        let timestamp = (chunk - 1) * PhoneFrame.milliseconds
        if isEcho, let text = echo?.text {
            write(text, 0, timestamp)
        } else {
            write(source.text, index * LoadFrames.payloadCharacters, timestamp)
        }
        context.writeAndFlush(wrapOutboundOut(output), promise: nil)
        if let speech { spoke(first: speech.first, last: speech.last, interrupts: speech.interrupts) }
    }

    private func write(_ text: [UInt8], _ start: Int, _ timestamp: Int) {
        stage.frames.writeMedia(
            sequence: sequence,
            chunk: chunk,
            timestamp: timestamp,
            text: text,
            start: start,
            tail: tail,
            into: &output
        )
    }

    private func returnMarks() {
        while let name = playout.nextDueMark() {
            sequence += 1
            stage.frames.writeMark(sequence: sequence, name: name, streamSid: streamSid, into: &output)
        }
    }

    private func spoke(first: Bool, last: Bool, interrupts: Bool) {
        if first {
            isSpeaking = true
            mayClear = true
            answerCameEarly = false
            lastWordAt = nil
            playout.excuse()
            if interrupts, playout.waitingBytes > 0 {
                interruptedAt = .now()
                if stage.meter.isOpen { stage.meter.bargeInsTried += 1 }
            }
        }
        if last {
            isSpeaking = false
            if interruptedAt != nil {
                interruptedAt = nil
                if stage.meter.isOpen { stage.meter.bargeInsMissed += 1 }
            }
            if !answerCameEarly { lastWordAt = .now() }
        }
    }

    private func count(_ bytes: Int, _ gap: Double?, _ frame: LoadCaller.Frame) {
        let meter = stage.meter
        let newReplies = caller.replies - repliesCounted
        let newUnanswered = caller.unanswered - unansweredCounted
        repliesCounted = caller.replies
        unansweredCounted = caller.unanswered
        // What the caller said can only stop the reply that was going on; the next one is to be heard to its end.
        if newReplies > 0, !isSpeaking { mayClear = false }
        if newUnanswered > 0 { lastWordAt = nil }
        guard meter.isOpen else { return }
        meter.replies += newReplies
        meter.unanswered += newUnanswered
        meter.ticks += 1
        meter.framesSent += 1
        if bytes > 0 { meter.ticksAgent += 1 }
        if frame != .quiet { meter.ticksCaller += 1 }
        if let gap { meter.torn(for: gap, now: Self.monotonic) }
    }

    private static var monotonic: Int64 { Int64(NIODeadline.now().uptimeNanoseconds) }
}
