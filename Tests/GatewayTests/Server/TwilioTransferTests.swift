import Actors
import Foundation
import Gateway
import TestSupport
import Testing

extension Loopback {
    /// Callers on hold and the persons called for them, through HTTP, the socket and Twilio's REST API.
    @Suite("Twilio transfers") struct TwilioTransfers {
        private typealias Rig = TwilioTransferRig

        /// Asks until the engine knows that this call to the person is its own.
        private func answered(_ line: Rig, _ leg: String, _ path: String) async throws -> EngineRig.Answer {
            while true {
                let answer = try await line.person(leg, path, "in-progress")
                guard answer.body.verbs == ["Pause", "Redirect"] else { return answer }
            }
        }

        private func operatorHeaders() async throws -> [(String, String)] {
            let token = try await OperatorTokens(secret: EngineRig.jwtSecret).mint(
                subject: "s",
                tenant: "*",
                role: .operator,
                lifetime: .seconds(60)
            )
            return [("Authorization", "Bearer \(token)"), ("Content-Type", "application/json")]
        }

        // MARK: A whole life

        /// Ringing, answered, talk, transfer with hold music and a brief, the end, the recording.
        @Test func aCallerHearsMusicUntilThePersonHasHeardTheBrief() async throws {
            try await Rig.run { line in
                let socket = try await line.connected()
                let (asked, leg) = try await line.called(socket)
                #expect(asked.method == "POST" && asked.path == "/Calls.json")
                #expect(asked.form["To"] == Rig.person && asked.form["From"] == "+33184800000")
                #expect(asked.form["Timeout"] == "25" && asked.form["Twiml"] == nil)
                let way = try line.path(asked.form["Url"])
                let statuses = try line.path(asked.form["StatusCallback"])
                #expect(!way.contains("bill") && !statuses.contains("bill"))

                // The agent's last words, and then the music.
                #expect(try await line.loudness(socket, frames: 60) > 0)
                #expect(try await line.loudness(socket, frames: 40) > 200, "hold music")
                for (number, status) in ["initiated", "ringing"].enumerated() {
                    #expect(try await line.person(leg, statuses, status, sequence: number).status == 204)
                }

                let brief = try await answered(line, leg, way)
                #expect(brief.body.verbs == ["Say", "Redirect"])
                let tree = try #require(CanonicalXML.tree(brief.body))
                #expect(tree.first("Say")?.text == Rig.brief)
                #expect(try await line.person(leg, way, "in-progress").body == brief.body)
                #expect(try await line.loudness(socket, frames: 20) > 200, "the caller waits until the brief was heard")
                #expect(line.twilio.asked.count == 1)

                // A second transfer of the same call is the first one.
                let again = try await line.rig.request(
                    .POST,
                    "/api/v1/calls/twilio:\(line.call)/transfer",
                    headers: operatorHeaders(),
                    body: Array(#"{"number":"+15550188"}"#.utf8)
                )
                #expect(again.status == 202)
                let keys = try await line.rig.request(
                    .POST,
                    "/api/v1/calls/twilio:\(line.call)/digits",
                    headers: operatorHeaders(),
                    body: Array(#"{"digits":"1"}"#.utf8)
                )
                #expect(keys.status == 502 && keys.body.contains("put through"))

                let join = try line.path(tree.first("Redirect")?.text)
                let meeting = try await line.person(leg, join, "in-progress")
                let room = try #require(CanonicalXML.tree(meeting.body)?.first("Dial")?.first("Conference"))
                #expect(meeting.body.verbs == ["Dial"] && room.text == line.call)
                #expect(try await line.person(leg, join, "in-progress").body == meeting.body)
                let moved = try await line.asked(2)[1]
                #expect(moved.path == "/Calls/\(line.call).json")
                let dial = try #require(CanonicalXML.tree(moved.form["Twiml"] ?? "")?.first("Dial"))
                #expect(dial.first("Conference")?.text == room.text)
                #expect(dial.attributes["action"] == Rig.prefix + "/twilio/dial-done?tenant=test")

                // The new document ends the stream.
                try await socket.stop()
                #expect(try await socket.closeCode() == 1000)
                try await line.rig.waitUntilEmpty()
                let series = #"parley_calls_total{provider="twilio",outcome="transferred"}"#
                #expect(try await line.rig.metric(series) == 1)
                #expect(line.twilio.asked.count == 2, "no replay and no second transfer asked for anything")

                #expect(
                    try await line.send("hook-27", to: line.path(dial.attributes["action"])).body.verbs == ["Hangup"]
                )
                let done = [("CallSid", line.call), ("CallStatus", "completed"), ("CallDuration", "42")] + Rig.numbers
                for _ in 0..<2 {
                    #expect(try await line.post("/twilio/status", done).status == 204)
                    #expect(try await line.person(leg, statuses, "completed", sequence: 3).status == 204)
                    #expect(try await line.send("hook-22").status == 204)
                }
                let kept = try #require(line.entry)
                #expect(kept.lifecycle.phase == .completed && kept.durationSeconds == 42)
                #expect(kept.recordings.map(\.id) == ["RE0123456789abcdef0123456789abcdef"])
                #expect(
                    kept.to == "+33184800000" && line.rig.book.entries.count == 1,
                    "the person's call is part of it"
                )
            }
        }

        @Test func aBlindTransferJoinsAtOnce() async throws {
            var tenant = Rig.tenant
            tenant.transfer?.brief = nil
            try await Rig.run(tenant) { line in
                let socket = try await line.connected()
                let (asked, leg) = try await line.called(socket)
                let meeting = try await answered(line, leg, try line.path(asked.form["Url"]))
                #expect(meeting.body.verbs == ["Dial"])
                #expect(try await line.asked(2)[1].path == "/Calls/\(line.call).json")
                try await socket.drop()
            }
        }

        // MARK: In vain

        @Test(arguments: ["busy", "canceled"])
        func whenNobodyTakesItTheCallerMayLeaveAMessage(_ status: String) async throws {
            try await Rig.run { line in
                let socket = try await line.connected()
                let (asked, leg) = try await line.called(socket)
                let statuses = try line.path(asked.form["StatusCallback"])
                #expect(try await line.person(leg, statuses, status, sequence: 2).status == 204)
                #expect(try await socket.closeCode() == 1000)
                let next = try await line.continued()
                #expect(next.body.verbs == ["Say", "Record"])
                #expect(try await line.person(leg, statuses, status, sequence: 2).status == 204)
                #expect(try await line.continued().body == next.body)
                #expect(
                    try await line.person(leg, line.path(asked.form["Url"]), "in-progress").body.verbs == ["Hangup"]
                )
                #expect(line.twilio.asked.count == 1)
            }
        }

        @Test func aPersonWhoHangsUpInTheBriefWasNotThere() async throws {
            try await Rig.run { line in
                let socket = try await line.connected()
                let (asked, leg) = try await line.called(socket)
                #expect(try await answered(line, leg, line.path(asked.form["Url"])).body.verbs.first == "Say")
                let statuses = try line.path(asked.form["StatusCallback"])
                #expect(try await line.person(leg, statuses, "completed", sequence: 3).status == 204)
                #expect(try await socket.closeCode() == 1000)
                #expect(try await line.continued().body.verbs == ["Say", "Record"])
            }
        }

        @Test(arguments: [401, 500])
        func whatTwilioRefusesItsOwnVerbsDo(_ status: Int) async throws {
            try await Rig.run { line in
                line.twilio.state.withLock { $0.faults = [.reply(.error(status, code: 20003))] }
                let socket = try await line.connected()
                #expect(try await socket.closeCode() == 1000)
                #expect(line.twilio.asked.count == 1)
                let next = try await line.continued()
                #expect(next.body.verbs == ["Dial"])
                let number = CanonicalXML.tree(next.body)?.first("Dial")?.first("Number")
                #expect(number?.text == Rig.person)
                #expect(number?.attributes["url"] == Rig.prefix + "/twilio/whisper?tenant=test&call=\(line.call)")
            }
        }

        @Test func aRequestNobodyAnswersIsNotWaitedForLongerThanTheLimit() async throws {
            try await Rig.run(change: { $0.handOverSeconds = 1 }) { line in
                line.twilio.state.withLock { $0.faults = [.silence] }
                let socket = try await line.connected()
                #expect(try await socket.closeCode() == 1000)
                #expect(try await line.continued().body.verbs == ["Dial"])
            }
        }

        @Test func aPersonWhoLetsItRingIsNotWaitedForLongerThanTheLimit() async throws {
            try await Rig.run(change: { $0.handOverSeconds = 1 }) { line in
                let socket = try await line.connected()
                #expect(try await socket.closeCode() == 1000)
                // On a machine that stood still meanwhile the person's call may not have been known yet.
                let verbs = try await line.continued().body.verbs
                #expect([["Say", "Record"], ["Dial"]].contains(verbs))
                let released = try await line.asked(2)[1]
                #expect(released.path == "/Calls/\(Rig.leg).json" && released.form["Status"] == "completed")
            }
        }

        @Test func aCallerWhoHangsUpTakesThePersonsCallAlong() async throws {
            try await Rig.run { line in
                let socket = try await line.connected()
                let (asked, leg) = try await line.called(socket)
                try await socket.stop()
                #expect(try await socket.closeCode() == 1000)
                let released = try await line.asked(2)[1]
                #expect(released.path == "/Calls/\(leg).json" && released.form["Status"] == "completed")
                let late = try await line.person(leg, line.path(asked.form["Url"]), "in-progress")
                #expect(late.body.verbs == ["Hangup"])
            }
        }

        @Test func aCallerWhoCannotBeMovedComesByTheStreamsEnd() async throws {
            try await Rig.run { line in
                let socket = try await line.connected()
                let (asked, leg) = try await line.called(socket)
                let brief = try await answered(line, leg, line.path(asked.form["Url"]))
                line.twilio.state.withLock { $0.faults = [.reply(.error(400, code: 21220))] }
                let join = try line.path(CanonicalXML.tree(brief.body)?.first("Redirect")?.text)
                #expect(try await line.person(leg, join, "in-progress").body.verbs == ["Dial"])
                #expect(try await socket.closeCode() == 1000)
                let next = try await line.continued()
                let room = CanonicalXML.tree(next.body)?.first("Dial")?.first("Conference")
                #expect(next.body.verbs == ["Dial"] && room?.text == line.call)
            }
        }

        @Test func anOperatorCanHangUpOnACallerOnHold() async throws {
            try await Rig.run { line in
                let socket = try await line.connected()
                let (_, leg) = try await line.called(socket)
                let answer = try await line.rig.request(
                    .POST,
                    "/api/v1/calls/twilio:\(line.call)/hangup",
                    headers: operatorHeaders(),
                    body: Array("{}".utf8)
                )
                #expect(answer.status == 202)
                #expect(try await socket.closeCode() == 1000)
                #expect(try await line.continued().body.verbs == ["Hangup"])
                #expect(try await line.asked(2)[1].path == "/Calls/\(leg).json")
            }
        }

        // MARK: Where nobody is put on hold

        @Test(arguments: ["no music", "no time", "no account"])
        func theCallerHearsTwiliosRingingWhere(_ what: String) async throws {
            var tenant = Rig.tenant
            if what == "no music" { tenant.sound.holdMusic = "" }
            try await Rig.run(
                tenant,
                change: {
                    if what == "no time" { $0.handOverSeconds = 0 }
                    if what == "no account" { $0.twilio.accountSID = nil }
                }
            ) { line in
                let socket = try await line.connected()
                #expect(try await socket.closeCode() == 1000)
                #expect(try await line.continued().body.verbs == ["Dial"])
                #expect(line.twilio.asked.isEmpty)
            }
        }

        // MARK: Who may ask

        @Test(arguments: ["/twilio/transfer", "/twilio/transfer-join", "/twilio/transfer-status"])
        func onlyTwilioAsksForThePerson(_ path: String) async throws {
            try await Rig.run { line in
                let socket = try await line.connected()
                let (_, leg) = try await line.called(socket)
                let address = path + "?tenant=test&call=\(line.call)"
                let form = [("CallSid", leg), ("CallStatus", "completed")]
                for signature in ["", "AAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
                    let answer = try await line.post(address, form, signature: signature)
                    #expect(answer.status == 403 && answer.errorCode == "signature")
                }
                // Signed, but about nobody's transfer.
                for query in ["", "?tenant=test", "?tenant=test&call=CA404", "?tenant=test&call=..%2Fx"] {
                    let answer = try await line.post(path + query, form)
                    #expect(answer.status == (path.hasSuffix("status") ? 204 : 200))
                    #expect(answer.body.isEmpty || answer.body.verbs == ["Hangup"])
                }
                // Nothing of this was about the call on hold.
                #expect(try await line.loudness(socket, frames: 60) > 0 && line.twilio.asked.count == 1)
                try await socket.drop()
            }
        }
    }
}
