import Gateway
import Testing

@Suite("Twilio stream machine")
struct TwilioStreamMachineTests {
    private func frame(_ event: TwilioFrame.Event, isInbound: Bool = true) throws -> TwilioFrame {
        let text =
            switch event {
            case .connected: #"{"event":"connected"}"#
            case .start: #"{"event":"start"}"#
            case .media: #"{"event":"media","media":{"payload":"","track":"\#(isInbound ? "inbound" : "outbound")"}}"#
            case .mark: #"{"event":"mark","mark":{"name":"p1"}}"#
            case .dtmf: #"{"event":"dtmf","dtmf":{"digit":"1"}}"#
            case .stop: #"{"event":"stop"}"#
            case .unknown: #"{"event":"novelty"}"#
            }
        return try Received(text).frame
    }

    private static let events: [TwilioFrame.Event] = [.connected, .start, .media, .mark, .dtmf, .stop, .unknown]

    @Test func beforeStartOnlyStartAndStopMeanSomething() throws {
        let wanted: [TwilioStreamMachine.Action] = [
            .none, .readStart, .reject(.beforeStart), .reject(.beforeStart), .reject(.beforeStart), .stop,
            .reject(.unknownEvent),
        ]
        for (event, action) in zip(Self.events, wanted) {
            var machine = TwilioStreamMachine()
            #expect(machine.handle(try frame(event), isOurStream: true) == action)
            #expect(machine.hasStarted == (event == .stop))
        }
    }

    @Test func whileStreamingEachEventHasItsAction() throws {
        let wanted: [TwilioStreamMachine.Action] = [
            .none, .reject(.secondStart), .media, .mark, .digit, .stop, .reject(.unknownEvent),
        ]
        for (event, action) in zip(Self.events, wanted) {
            var machine = TwilioStreamMachine()
            machine.started()
            #expect(machine.handle(try frame(event), isOurStream: true) == action)
        }
    }

    @Test func messagesOfAnotherStreamAreNotTaken() throws {
        for event in [TwilioFrame.Event.media, .mark, .dtmf, .stop] {
            var machine = TwilioStreamMachine()
            machine.started()
            #expect(machine.handle(try frame(event), isOurStream: false) == .reject(.wrongStream))
            #expect(machine.handle(try frame(.media), isOurStream: true) == .media)
        }
    }

    @Test func nothingHappensAfterStopAndAStoppedStreamDoesNotStartAgain() throws {
        var machine = TwilioStreamMachine()
        machine.started()
        _ = machine.handle(try frame(.stop), isOurStream: true)
        for event in [TwilioFrame.Event.start, .media, .mark, .dtmf, .stop] {
            #expect(machine.handle(try frame(event), isOurStream: true) == .reject(.afterStop))
        }
        machine.started()
        #expect(machine.handle(try frame(.media), isOurStream: true) == .reject(.afterStop))
    }

    @Test func theAgentsOwnTrackIsCountedAndLeftOut() throws {
        var machine = TwilioStreamMachine()
        machine.started()
        #expect(machine.handle(try frame(.media, isInbound: false), isOurStream: true) == .reject(.outboundTrack))
    }

    @Test func aStartThatCouldNotBeReadMayBeFollowedByAGoodOne() throws {
        var machine = TwilioStreamMachine()
        #expect(machine.handle(try frame(.start), isOurStream: true) == .readStart)
        #expect(machine.handle(try frame(.start), isOurStream: true) == .readStart)
        machine.started()
        #expect(machine.handle(try frame(.start), isOurStream: true) == .reject(.secondStart))
    }
}
