import Legs
import NIOCore
import Testing

@Suite("Server-sent events of a vendor")
struct VendorServerSentEventsTests {
    typealias Event = ServerSentEvents.Event

    static let streams: [(String, [Event])] = [
        ("data: a\n\n", [Event(data: "a")]),
        ("data:a\r\n\r\n", [Event(data: "a")]),
        ("data: a\r\rdata: b\r\r", [Event(data: "a"), Event(data: "b")]),
        ("\u{FEFF}data:  two spaces\n\n", [Event(data: " two spaces")]),
        ("event: done\ndata: {}\n\n", [Event(name: "done", data: "{}")]),
        ("event: done\n\ndata: x\n\n", [Event(data: "x")]),
        ("data: one\ndata: two\ndata\n\n", [Event(data: "one\ntwo\n")]),
        (": a comment\nid: 1\nretry: 5\ndata: x\n\n", [Event(data: "x")]),
        ("data: na\u{EF}ve \u{1F600}\n\n", [Event(data: "na\u{EF}ve \u{1F600}")]),
        ("data: whole\n\ndata: cut off\n", [Event(data: "whole")]),
        ("\n\n\n", []),
        ("data:\n\n", [Event(data: "")]),
    ]

    @Test(arguments: streams) func everyWayToSplitAStreamGivesTheSameEvents(stream: String, expected: [Event]) throws {
        let bytes = Array(stream.utf8)
        for split in 0...bytes.count {
            var parser = ServerSentEvents()
            let events =
                try parser.push(bytes[..<split]) + parser.push(bytes[split...])
            #expect(events == expected, "split at \(split)")
        }
        var parser = ServerSentEvents()
        #expect(try bytes.flatMap { try parser.push([$0]) } == expected)
    }

    @Test(arguments: ["data: 0123456789\n", "0123456789abcdefgh", "data: 01234\ndata: 01234\n"])
    func anEventPastItsLimitIsRefused(stream: String) {
        var parser = ServerSentEvents(limit: 10)
        #expect(throws: ServerSentEvents.Failure.eventTooLong(limit: 10)) {
            _ = try parser.push(stream.utf8)
        }
    }

    @Test func bytesThatAreNoUTF8AreReplaced() throws {
        var parser = ServerSentEvents()
        let events = try parser.push(Array("data: x".utf8) + [0xE2, 0x82] + Array("\n\n".utf8))
        #expect(events == [Event(data: "x\u{FFFD}")])
    }
}
