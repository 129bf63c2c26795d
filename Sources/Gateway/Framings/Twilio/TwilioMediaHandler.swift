import Actors
import Codecs
import Engine
import Foundation
import NIOCore
import NIOWebSocket

/// One Twilio media socket: text frames in become packets in the call's ring, the call's messages become text frames out.
///
/// Lives on its channel's event loop and never leaves it. `flush` is called there once per media slot.
final class TwilioMediaHandler: ChannelInboundHandler, SocketFlushing {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let reception: Reception
    private let flusher: SocketFlusher
    private let limits: SocketLimits
    private var context: ChannelHandlerContext?
    private var machine = TwilioStreamMachine()
    private var streamSid: [UInt8] = []
    private var encoder: TwilioEncoder?
    /// What one flush sends: all of a call's messages in one buffer, one write.
    private var outgoing = ByteBuffer()
    /// Where finished WebSocket frames go, past the library's encoder, which would write each one in two parts.
    private var wire: ChannelHandlerContext?
    private var signal: SocketSignal?
    private var packets: RingWriter<MediaPacket>?
    private var messages: RingReader<OutboundMessage>?
    private var callID = ""
    private var clock: CallClock?
    private var scratch: [UInt8]
    private var startDeadline: Scheduled<Void>?
    private var pings: RepeatedTask?
    private var unansweredPings = 0
    private var isClosing = false

    init(reception: Reception, flusher: SocketFlusher, limits: SocketLimits) {
        self.reception = reception
        self.flusher = flusher
        self.limits = limits
        scratch = [UInt8](repeating: 0, count: limits.frameBytes)
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wire = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
        reception.sockets.opened.increment()
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        startDeadline = loop.scheduleTask(in: limits.startTimeout) {
            bound.value.close(.policyViolation, counting: "no_start")
        }
        pings = loop.scheduleRepeatedTask(initialDelay: limits.pingInterval, delay: limits.pingInterval) { _ in
            bound.value.ping()
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { finish(.connectionLost) }
    func channelInactive(context: ChannelHandlerContext) {
        finish(.connectionLost)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case ChannelEvent.inputClosed:
            // The server allows half closure, so a peer that went away shows as this and not as `channelInactive`.
            finish(.connectionLost)
            context.close(promise: nil)
        case is ChannelShouldQuiesceEvent:
            // A call in progress is drained by the exchange; a socket without one has nothing to wait for.
            if packets == nil { close(.goingAway, counting: nil) }
        default:
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case NIOWebSocketError.invalidFrameLength,
            NIOWebSocketFrameAggregator.Error.accumulatedFrameSizeIsTooLarge:
            reception.reject(.tooLarge)
            close(.messageTooLarge, counting: "too_large")
            finish(.protocolError)
        case is NIOWebSocketError, is NIOWebSocketFrameAggregator.Error:
            close(.protocolError, counting: "protocol_error")
            finish(.protocolError)
        case is ByteToMessageDecoderError: break  // what follows a broken frame is not read
        default:
            // The connection itself failed: there is nobody to tell.
            context.close(promise: nil)
        }
    }

    /// Ends everything once: the call learns that its socket is gone.
    private func finish(_ reason: EndReason) {
        guard context != nil else { return }
        context = nil
        wire = nil
        startDeadline?.cancel()
        pings?.cancel()
        if let signal { flusher.remove(self, signal) }
        // A full ring must not keep a call alive that has no socket any more.
        if let told = packets?.push(MediaPacket(kind: .ended, value: reason.rawValue)), !told {
            reception.exchange.end(callID, reason)
        }
        packets = nil
    }

    private func close(_ code: WebSocketErrorCode, counting reason: String?) {
        guard !isClosing else { return }
        isClosing = true
        if let reason { reception.sockets.refused(reason) }
        guard let context else { return }
        var data = context.channel.allocator.buffer(capacity: 2)
        data.write(webSocketErrorCode: code)
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
        let loop = context.eventLoop
        let bound = NIOLoopBound(context, eventLoop: loop)
        context.writeAndFlush(wrapOutboundOut(frame)).whenComplete { _ in
            // The peer has a moment to answer; then the socket is closed in any case.
            loop.scheduleTask(in: .seconds(2)) { bound.value.close(promise: nil) }
        }
    }

    private func ping() {
        guard let context, !isClosing else { return }
        guard unansweredPings < limits.unansweredPings else { return context.close(promise: nil) }
        unansweredPings += 1
        let frame = WebSocketFrame(fin: true, opcode: .ping, data: context.channel.allocator.buffer(capacity: 0))
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        unansweredPings = 0
        switch frame.opcode {
        case .text: read(frame.unmaskedData)
        case .binary: reception.reject(.binary)
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            if !isClosing {
                isClosing = true
                let answer = WebSocketFrame(fin: true, opcode: .connectionClose, data: frame.unmaskedData)
                context.writeAndFlush(wrapOutboundOut(answer), promise: nil)
            }
            context.close(promise: nil)
        case .pong: break
        // RFC 6455 section 5.2: an opcode nobody has defined ends the connection.
        default: close(.protocolError, counting: "protocol_error")
        }
    }

    private func read(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { bytes in
            let text = Span<UInt8>(_unsafeElements: bytes.bindMemory(to: UInt8.self))
            let frame: TwilioFrame
            do throws(TwilioFrame.Fault) {
                frame = try TwilioFrame.parse(text)
            } catch {
                return reception.reject(.init(error))
            }
            handle(frame, text)
        }
    }

    private func handle(_ frame: TwilioFrame, _ text: Span<UInt8>) {
        switch machine.handle(frame, isOurStream: isOurs(frame.streamSid, text)) {
        case .none: break
        case .reject(let oddity): reception.reject(oddity)
        case .readStart:
            // A socket that is being closed starts no call any more.
            if !isClosing { begin(text) }
        case .media: hear(frame, text)
        case .mark:
            guard let name = frame.name, let number = MarkName.number(text, in: name.range) else { return }
            packets?.push(MediaPacket(kind: .mark, value: number, arrival: MonotonicTime.nanoseconds))
        case .digit:
            packets?.push(MediaPacket(kind: .digit, value: Int64(frame.digit ?? 0)))
        case .stop:
            // Closed first: `finish` lets go of the channel.
            close(.normalClosure, counting: nil)
            finish(.providerStopped)
        }
    }

    private func isOurs(_ sid: JSONText.Text?, _ text: Span<UInt8>) -> Bool {
        guard let range = sid?.range else { return true }
        guard range.count == streamSid.count else { return false }
        for index in 0..<range.count where text[range.lowerBound + index] != streamSid[index] { return false }
        return true
    }

    /// Splits a payload of any length into packets of at most a frame.
    private func hear(_ frame: TwilioFrame, _ text: Span<UInt8>) {
        guard let payload = frame.payload else { return }
        let count: Int
        do {
            count = try Base64Payload.decode(text, payload, into: &scratch)
        } catch {
            return reception.reject(.base64)
        }
        let arrival = MonotonicTime.nanoseconds
        var offset = 0
        while offset < count {
            let size = min(Frame.samples, count - offset)
            let timestamp = frame.timestamp.map { $0 &* 8 &+ Int64(offset) } ?? -1
            var packet = MediaPacket(kind: .audio, count: UInt8(size), timestampSamples: timestamp, arrival: arrival)
            for index in 0..<size { packet.bytes[index] = scratch[offset + index] }
            packets?.push(packet)
            offset += size
        }
    }

    private func begin(_ text: Span<UInt8>) {
        let data = text.withUnsafeBytes { Data($0) }
        guard let start = try? JSONDecoder().decode(TwilioStart.self, from: data) else {
            return reception.reject(.badStart)
        }
        guard start.format == .muLaw else {
            reception.reject(.badStart)
            return close(.unacceptableData, counting: "wrong_format")
        }
        guard let context, let place = try? context.pipeline.syncOperations.handler(type: CallPlace.self) else {
            return
        }
        guard let profile = reception.profile(for: start.customParameters["tenant"]) else {
            return close(.policyViolation, counting: "unknown_tenant")
        }
        startDeadline?.cancel()
        place.handOver()
        streamSid = Array(start.streamSid.utf8)
        machine.started()
        let encoder = TwilioEncoder(streamSid: start.streamSid)
        self.encoder = encoder
        var ends: CallEnds?
        let identity = CallIdentity(
            id: UUID().uuidString.lowercased(),
            provider: "twilio",
            providerCallID: start.callSid,
            tenant: profile.id
        )
        callID = identity.id
        let signal = flusher.add(self)
        self.signal = signal
        clock = reception.exchange.start(identity, profile: profile, outbound: signal, ends: &ends)
        packets = ends?.packets.take()
        messages = ends?.messages.take()
    }

    // MARK: Out

    /// A socket that took nothing for a while takes again.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
        context.fireChannelWritabilityChanged()
    }

    /// While the peer reads nothing, messages stay in the ring, whose bound the pipeline knows.
    func flush() {
        guard let context, let wire, let encoder, !isClosing, context.channel.isWritable else { return }
        outgoing.clear()
        while let message = messages?.pop() {
            switch message.kind {
            case .audio: encoder.writeMedia(message.bytes, to: &outgoing)
            case .mark: encoder.writeMark(message.value, to: &outgoing)
            case .clear:
                encoder.writeClear(to: &outgoing)
                if message.value >= 0, let clock {
                    let onset = MediaInstant(nanoseconds: message.value)
                    reception.sockets.clear.record(onset.duration(to: clock.now))
                }
            case .close:
                send(wire)
                let reason = EndReason(rawValue: message.value) ?? .agentHungUp
                return close(reason.closeCode, counting: nil)
            }
        }
        send(wire)
    }

    private func send(_ wire: ChannelHandlerContext) {
        guard outgoing.readableBytes > 0 else { return }
        wire.writeAndFlush(NIOAny(outgoing), promise: nil)
    }
}

extension EndReason {
    /// RFC 6455 section 7.4.1.
    var closeCode: WebSocketErrorCode {
        switch self {
        case .providerStopped, .agentHungUp, .tooLong, .silent, .transferred, .voicemail: .normalClosure
        case .drained: .goingAway
        case .legFailed: .unexpectedServerError
        case .protocolError, .connectionLost: .protocolError
        }
    }
}

extension TwilioStreamMachine.Oddity {
    init(_ fault: TwilioFrame.Fault) {
        switch fault {
        case .json: self = .json
        case .noEvent: self = .noEvent
        case .missing: self = .missingField
        }
    }
}
