import Actors
import NIOCore

/// Acts on Ringover's live calls through their media sockets, and places calls through its REST API.
package struct RingoverControl: ProviderControl {
    private let sockets: LiveSockets
    private let api: RingoverAPI?
    /// A message of the media socket.
    package var keysKeepTheStream: Bool { true }

    /// - Parameter api: nil: no key, or nothing that could carry its requests.
    package init(sockets: LiveSockets, api: RingoverAPI?) {
        self.sockets = sockets
        self.api = api
    }

    private static let gone = ControlError(
        .gone,
        "The call has no media socket on this engine: it is over, or elsewhere."
    )

    package func perform(_ request: ControlRequest, on call: ProviderCallKey) async throws(ControlError) {
        switch request {
        case .transfer(_, .warm):
            throw ControlError(
                .notSupported,
                "Ringover's streaming has no warm transfer: its transfer message holds a number and nothing else. "
                    + "Transfer blind, or announce the caller another way."
            )
        case .transfer(let number, .blind):
            guard RingoverNumber.bare(number) != nil else {
                throw ControlError(.failed, "The number is not E.164: write it like +33184800001.")
            }
            try await tell(.transfer(number), call)
        case .digits(let digits):
            guard !digits.isEmpty, digits.utf8.count <= 32, digits.allSatisfy({ "0123456789*#".contains($0) }) else {
                throw ControlError(
                    digits.contains("w") ? .notSupported : .failed,
                    "Ringover sends up to 32 keys of 0-9 * # at once, without pauses."
                )
            }
            try await tell(.digits(digits), call)
        case .hangUp:
            // No message hangs up: the conversation ends and the socket closes. What Ringover then does with a caller who is
            // still there is its own scenario's business.
            guard let line = sockets.line(call.id) else { throw Self.gone }
            line.hangUp()
        }
    }

    private func tell(_ order: SocketOrder, _ call: ProviderCallKey) async throws(ControlError) {
        guard let line = sockets.line(call.id) else { throw Self.gone }
        let wasTold: Bool
        do { wasTold = try await line.obey(order).get() } catch { throw Self.gone }
        guard wasTold else {
            throw ControlError(
                .failed,
                "The media socket takes nothing just now: it is closing, or its peer reads nothing."
            )
        }
    }

    package func call(_ number: String, from: String, tenant: String) async throws(ControlError) -> String {
        guard let api else {
            throw ControlError(.notConfigured, "Outbound calls through Ringover need RINGOVER_API_KEY.")
        }
        return try await api.callBack(number, from: from)
    }
}
