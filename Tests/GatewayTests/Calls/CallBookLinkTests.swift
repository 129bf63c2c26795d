import Actors
import Engine
import Foundation
import Gateway
import Testing

@Suite("Call book and live media")
struct CallBookLinkTests {
    private let outcome = CallOutcome(reason: .providerStopped, turns: 1, interruptions: 0, duration: .seconds(12))

    private func identity(_ id: String = "E1", _ call: String = "CA1") -> CallIdentity {
        CallIdentity(id: id, provider: "twilio", providerCallID: call, tenant: "a")
    }

    @Test func mediaIsJoinedWithTheCallItCarries() throws {
        let book = CallBook()
        let link = CallBookLink(book)
        book.take(Told.event("CA1", .phase(.ringing)))
        link.call(identity(), at: .zero, .started)
        var entry = try #require(book.entry(named: "E1"))
        #expect(entry.call.id == "CA1" && entry.isLive && entry.mediaCall == "E1")
        #expect(entry.lifecycle.phase == .inProgress && entry.answeredAt != nil)
        link.call(identity(), at: .zero, .ended(outcome))
        entry = try #require(book.entry(named: "E1"))
        #expect(!entry.isLive && entry.mediaCall == "E1")
        #expect(entry.lifecycle.phase == .inProgress && entry.endedAt == nil, "its provider says when it ends")
        book.take(Told.event("CA1", .phase(.completed)))
        #expect(book.entry(named: "E1")?.lifecycle.phase == .completed)
    }

    @Test func aCallOnlyItsMediaHasToldOfEndsWithIt() throws {
        let book = CallBook()
        let link = CallBookLink(book)
        link.call(identity(), at: .zero, .started)
        #expect(book.entry(named: "twilio:CA1")?.lifecycle.phase == .inProgress)
        link.call(identity(), at: .zero, .ended(outcome))
        let entry = try #require(book.entry(named: "twilio:CA1"))
        #expect(entry.lifecycle.phase == .completed && entry.endedAt != nil && entry.durationSeconds == 12)
        #expect(entry.tenant == "a" && !entry.isTold)
    }

    @Test func theEndOfAnEarlierSocketDoesNotEndALaterOne() {
        let book = CallBook()
        let link = CallBookLink(book)
        link.call(identity("E1"), at: .zero, .started)
        link.call(identity("E2"), at: .zero, .started)
        link.call(identity("E1"), at: .zero, .ended(outcome))
        #expect(book.entry(named: "E2")?.isLive == true && book.entry(named: "E1") == nil)
        #expect(book.entry(named: "E2")?.lifecycle.phase == .inProgress)
    }

    @Test func aLiveCallIsNotForgottenForEndedOnes() {
        let book = CallBook(limit: 2)
        let link = CallBookLink(book)
        link.call(identity(), at: .zero, .started)
        // The provider's last word may come before the socket's end.
        book.take(Told.event("CA1", .phase(.completed)))
        for id in 0..<5 { book.take(Told.event("\(id)", .phase(.completed))) }
        #expect(book.entry(named: "E1") != nil)
        link.call(identity(), at: .zero, .ended(outcome))
        for id in 5..<8 { book.take(Told.event("\(id)", .phase(.completed))) }
        #expect(book.entry(named: "E1") == nil)
    }
}
