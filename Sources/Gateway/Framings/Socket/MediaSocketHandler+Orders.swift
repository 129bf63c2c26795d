import Actors
import Engine
import Foundation
import NIOCore
import NIOWebSocket

/// Orders from outside the call, and what is to be told before the socket closes.
extension MediaSocketHandler where Framing: ~Copyable {
    func register(_ callID: String, _ id: String, _ loop: any EventLoop) {
        guard let sockets = host.sockets else { return }
        let bound = NIOLoopBound(self, eventLoop: loop)
        let exchange = host.reception.exchange
        sockets.add(
            callID,
            LiveSockets.Line(
                owner: ObjectIdentifier(self),
                obey: { order in loop.submit { bound.value.obey(order) } },
                hangUp: { exchange.end(id, .agentHungUp) }
            )
        )
    }

    private func obey(_ order: SocketOrder) -> Bool {
        guard let wire = writable, let identity else { return false }
        outgoing.clear()
        guard framing.write(order, to: &outgoing) else { return false }
        send(wire)
        switch order {
        case .transfer:
            wasHandedOver = true
            host.reception.exchange.end(identity.id, .transferred)
        case .move: wasHandedOver = true
        case .digits: break
        }
        return true
    }

    /// The engine is done with the call.
    func leave(_ reason: EndReason) {
        guard Framing.handsOverItself, let identity, let profile, let context else {
            return close(reason.closeCode, counting: nil)
        }
        isLeaving = true
        host.flusher.leaveToLibrary(self)
        let loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: loop)
        if wasHandedOver { return part(nil, reason) }
        Task { [host] in
            let number = await host.destination(after: reason, callID: identity.providerCallID, profile: profile)
            loop.execute { bound.value.part(number, reason) }
        }
    }

    private func part(_ number: String?, _ reason: EndReason) {
        guard let context, let wire, !isClosing else { return }
        outgoing.clear()
        if let number, framing.write(.transfer(number), to: &outgoing) {
            send(wire)
            wasHandedOver = true
        }
        guard wasHandedOver else { return close(reason.closeCode, counting: nil) }
        // The provider moves the call and closes the socket itself; one that does not is not waited for.
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .seconds(2)) { bound.value.close(reason.closeCode, counting: nil) }
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
