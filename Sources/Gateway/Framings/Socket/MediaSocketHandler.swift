import Actors
import Codecs
import Engine
import Foundation
import NIOCore
import NIOWebSocket

/// One media socket of any provider: its life, its call, its pings and its end. What the messages say is the framing's.
///
/// Lives on its channel's event loop and never leaves it. `flush` is called there once per media slot.
final class MediaSocketHandler<Framing: MediaFraming & ~Copyable>: ChannelInboundHandler, SlotSocket {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = WebSocketFrame

    let host: MediaHost
    private var reader: MessageReader
    var framing: Framing
    var context: ChannelHandlerContext?
    /// What one flush sends: all of a call's messages in one buffer, one write.
    var outgoing = ByteBuffer()
    /// Where finished WebSocket frames go, past the library's encoder, which would write each one in two parts.
    var wire: ChannelHandlerContext?
    var writer: SocketWriter?
    /// The library does not read: `readNow` does.
    var isReadWhenTold = false
    private var signal: SocketSignal?
    private var packets: RingWriter<MediaPacket>?
    private var messages: RingReader<OutboundMessage>?
    var identity: CallIdentity?
    var profile: TenantProfile?
    private var clock: CallClock?
    private var startDeadline: Scheduled<Void>?
    private var pings: RepeatedTask?
    private var wakeUp: (at: Int64, task: Scheduled<Void>)?
    private var unansweredPings = 0
    var isClosing = false
    /// The engine has let go of the call; the provider may still be told where it goes.
    var isLeaving = false
    var wasHandedOver = false

    init(host: MediaHost, framing: consuming Framing) {
        self.host = host
        reader = MessageReader(longest: host.limits.frameBytes, mostParts: host.limits.fragments)
        self.framing = framing
    }

    // MARK: Life

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        wire = try? context.pipeline.syncOperations.context(handlerType: WebSocketFrameEncoder.self)
        writer = SocketWriter(context)
        host.reception.sockets.opened.increment()
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        startDeadline = loop.scheduleTask(in: host.limits.startTimeout) {
            bound.value.close(.policyViolation, counting: "no_start")
        }
        let interval = host.limits.pingInterval
        pings = loop.scheduleRepeatedTask(initialDelay: interval, delay: interval) { _ in bound.value.ping() }
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
        // The connection itself failed: there is nobody to tell.
        context.close(promise: nil)
    }

    /// Ends everything once: the call learns that its socket is gone.
    func finish(_ reason: EndReason) {
        guard context != nil else { return }
        // First, for it gives the reading back to the library.
        if let signal { host.flusher.remove(self, signal) }
        context = nil
        wire = nil
        startDeadline?.cancel()
        pings?.cancel()
        wakeUp?.task.cancel()
        if let identity { host.sockets?.remove(identity.providerCallID, owner: ObjectIdentifier(self)) }
        // A full ring must not keep a call alive that has no socket any more.
        if let told = packets?.push(MediaPacket(kind: .ended, value: reason.rawValue)), !told, let identity {
            host.reception.exchange.end(identity.id, reason)
        }
        packets = nil
    }

    func close(_ code: WebSocketErrorCode, counting reason: String?) {
        guard !isClosing else { return }
        isClosing = true
        if let reason { host.reception.sockets.refused(reason) }
        guard let context else { return }
        host.flusher.leaveToLibrary(self)
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
        guard unansweredPings < host.limits.unansweredPings else { return context.close(promise: nil) }
        unansweredPings += 1
        let frame = WebSocketFrame(fin: true, opcode: .ping, data: context.channel.allocator.buffer(capacity: 0))
        context.writeAndFlush(wrapOutboundOut(frame), promise: writer?.throughLibrary(context))
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        unwrapInboundIn(data).withUnsafeReadableBytes { take($0, context) }
    }

    func take(_ bytes: UnsafeRawBufferPointer, _ context: ChannelHandlerContext) {
        do {
            try reader.read(Span(_unsafeElements: bytes.bindMemory(to: UInt8.self))) { kind, message in
                take(kind, message, context)
            }
        } catch MessageReader.Fault.tooLarge {
            host.reject("too_large", provider: Framing.provider)
            close(.messageTooLarge, counting: "too_large")
            finish(.protocolError)
        } catch {
            close(.protocolError, counting: "protocol_error")
            finish(.protocolError)
        }
    }

    /// - Parameter context: the channel's, which the handler itself lets go of when its call ends.
    private func take(_ kind: MessageReader.Kind, _ bytes: Span<UInt8>, _ context: ChannelHandlerContext) {
        unansweredPings = 0
        switch kind {
        case .text: read(bytes, isText: true)
        case .binary: read(bytes, isText: false)
        case .ping: answer(.pong, bytes, context)
        case .pong: break
        case .close:
            if !isClosing {
                isClosing = true
                answer(.connectionClose, bytes, context)
            }
            if Framing.endsWithClose { finish(wasHandedOver ? .transferred : .providerStopped) }
            context.close(promise: nil)
        }
    }

    /// A control frame is answered with its own content.
    private func answer(_ opcode: WebSocketOpcode, _ bytes: Span<UInt8>, _ context: ChannelHandlerContext) {
        var data = context.channel.allocator.buffer(capacity: bytes.count)
        for index in bytes.indices { data.writeInteger(bytes[index]) }
        let frame = WebSocketFrame(fin: true, opcode: opcode, data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: writer?.throughLibrary(context))
    }

    private func read(_ bytes: Span<UInt8>, isText: Bool) {
        let arrival = MonotonicTime.nanoseconds
        let action =
            isText
            ? framing.read(text: bytes, arrival: arrival, into: &packets)
            : framing.read(binary: bytes, arrival: arrival, into: &packets)
        switch action {
        case .none: break
        case .odd(let reason): host.reject(reason, provider: Framing.provider)
        case .rateChanged: host.reception.sockets.rateChanges.increment()
        case .begin(let opening):
            // A socket that is being closed starts no call any more.
            guard !isClosing, begin(opening) else { return }
            // A first message that is already audio is the call's own.
            if !isText { read(bytes, isText: false) }
        case .end(let reason):
            // Closed first: `finish` lets go of the channel.
            close(.normalClosure, counting: nil)
            finish(reason)
        case .refuse(let code, let reason, let oddity):
            if let oddity { host.reject(oddity, provider: Framing.provider) }
            close(code, counting: reason)
        }
    }

    /// - Returns: false when no call came of it.
    private func begin(_ opening: StreamOpening) -> Bool {
        guard let context, identity == nil,
            let place = try? context.pipeline.syncOperations.handler(type: CallPlace.self)
        else { return false }
        guard var profile = host.profile(for: opening, provider: Framing.provider) else {
            close(.policyViolation, counting: "unknown_tenant")
            return false
        }
        do {
            try host.reception.exchange.claim(tenant: profile.id, limit: profile.limits.calls)
        } catch {
            // 1013, try again later (IANA's registry of close codes).
            close(.unknown(1013), counting: UpgradeRefusal.tenantFull.rawValue)
            return false
        }
        startDeadline?.cancel()
        place.handOver()
        context.pipeline.syncOperations.removeHandler(place, promise: nil)
        framing.begin(&profile)
        var ends: CallEnds?
        let identity = CallIdentity(
            id: UUID().uuidString.lowercased(),
            provider: Framing.provider,
            providerCallID: opening.callID,
            tenant: profile.id
        )
        self.identity = identity
        self.profile = profile
        let signal = host.flusher.add(self)
        self.signal = signal
        clock = host.reception.exchange.start(
            identity,
            profile: profile,
            callerNumber: host.callerNumber(opening.callID, provider: Framing.provider),
            providerSendsKeys: !Framing.needsTones,
            announcesConsent: !Framing.hasVerbs,
            marksAreModelled: Framing.marksAreModelled,
            handOverTime: host.handOverTime,
            outbound: signal,
            ends: &ends
        )
        packets = ends?.packets.take()
        messages = ends?.messages.take()
        host.book?.attach(media: identity.id, to: ProviderCallKey(provider: Framing.provider, id: opening.callID))
        register(opening.callID, identity.id, context.eventLoop)
        return true
    }

    // MARK: Out

    /// A socket that took nothing for a while takes again.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { flush() }
        context.fireChannelWritabilityChanged()
    }

    /// While the peer reads nothing, messages stay in the ring, whose bound the pipeline knows.
    func flush() {
        guard let wire = writable, identity != nil else { return }
        outgoing.clear()
        let now = MonotonicTime.nanoseconds
        while let message = messages?.pop() {
            switch message.kind {
            case .audio, .mark: framing.write(message, now: now, to: &outgoing)
            case .clear:
                framing.write(message, now: now, to: &outgoing)
                if message.value >= 0, let clock {
                    let onset = MediaInstant(nanoseconds: message.value)
                    host.reception.sockets.clear.record(onset.duration(to: clock.now))
                }
            case .close:
                framing.flush(now: now, isEnd: true, to: &outgoing)
                send(wire)
                return leave(EndReason(rawValue: message.value) ?? .agentHungUp)
            }
        }
        framing.flush(now: now, isEnd: false, to: &outgoing)
        send(wire)
        planWakeUp()
    }

    var writable: ChannelHandlerContext? {
        guard let context, !isClosing, !isLeaving, context.channel.isWritable else { return nil }
        return wire
    }

    /// A framing with a queue of its own wants to look at it at a certain time.
    private func planWakeUp() {
        guard let due = framing.deadline, let context else { return }
        if let wakeUp {
            // One that comes too early costs a look; only one that came too late would matter.
            guard due < wakeUp.at else { return }
            wakeUp.task.cancel()
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let delay = TimeAmount.nanoseconds(max(due - MonotonicTime.nanoseconds, 0))
        wakeUp = (due, context.eventLoop.scheduleTask(in: delay) { bound.value.wake() })
    }

    private func wake() {
        wakeUp = nil
        guard let context, !isClosing else { return }
        guard let wire = writable else {
            // The peer reads nothing, or the call is being handed on: look again a frame later.
            guard !isLeaving else { return }
            let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
            let later = MonotonicTime.nanoseconds + Frame.nanoseconds
            let task = context.eventLoop.scheduleTask(in: .nanoseconds(Frame.nanoseconds)) { bound.value.wake() }
            return wakeUp = (later, task)
        }
        outgoing.clear()
        framing.wake(now: MonotonicTime.nanoseconds, to: &outgoing, into: &packets)
        send(wire)
        planWakeUp()
    }
}
