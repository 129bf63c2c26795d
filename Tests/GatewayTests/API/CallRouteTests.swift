import Actors
import Foundation
import Gateway
import NIOHTTP1
import Testing

extension Loopback {
    @Suite("Call routes") struct CallRoutesOnLoopback {
        /// Two calls of tenant a, one of b; the last is Ringover's.
        private func book() -> CallBook {
            let book = CallBook()
            for (id, tenant, provider, at) in [
                ("CA1", "a", "twilio", 1_763_715_600.0), ("CA2", "b", "twilio", 1_763_715_700),
                ("77", "a", "ringover", 1_763_802_000),
            ] {
                var event = Told.event(id, .phase(.inProgress), provider: provider, tenant: tenant, at: at)
                (event.direction, event.from, event.to) = (.inbound, RouteRig.caller, "+12025550100")
                book.take(event)
            }
            var end = Told.event("77", .phase(.completed), provider: "ringover", at: 1_763_802_060)
            end.durationSeconds = 60
            book.take(end)
            book.take(
                Told.event("77", .transcription(recordingID: "R", text: "Call me back."), provider: "ringover")
            )
            book.take(Told.event("77", .recording(.init(id: "R", url: "https://cdn/secret")), provider: "ringover"))
            return book
        }

        private func ids(_ answer: EngineRig.Answer) -> [String] {
            (answer.json["items"] as? [[String: Any]])?.map { $0.text("id") } ?? []
        }

        // MARK: Looking

        @Test func theListShowsATokensOwnCallsNewestFirst() async throws {
            try await RouteRig.run(book()) { rig in
                let own = try await rig.send(.GET, "/api/v1/calls", role: .viewer)
                #expect(own.status == 200 && own.headers["content-type"] == "application/json")
                #expect(ids(own) == ["ringover:77", "twilio:CA1"])
                #expect(own.json.number("total") == 2 && own.json.number("page") == 1)
                #expect(own.json.number("per_page") == 20)
                #expect(ids(try await rig.send(.GET, "/api/v1/calls", tenant: "*")).count == 3)
                #expect(ids(try await rig.send(.GET, "/api/v1/calls", tenant: "c")).isEmpty)
            }
        }

        @Test func pagesAndFiltersCutTheList() async throws {
            try await RouteRig.run(book()) { rig in
                for (query, expected) in [
                    ("per_page=1", ["ringover:77"]), ("per_page=1&page=2", ["twilio:CA1"]), ("page=9", []),
                    ("call_type=twilio", ["twilio:CA1"]), ("direction=outbound", []),
                    ("date_from=2025-11-22", ["ringover:77"]), ("date_to=2025-11-21", ["twilio:CA1"]),
                    (
                        "date_from=2025-11-21T09%3A00%3A00Z&date_to=2025-11-22T10:00:00%2B01:00",
                        ["ringover:77", "twilio:CA1"]
                    ),
                ] { #expect(ids(try await rig.send(.GET, "/api/v1/calls?\(query)")) == expected, "\(query)") }
                for (query, code) in [
                    ("page=0", "bad_parameter"), ("per_page=1000", "bad_parameter"), ("direction=up", "bad_parameter"),
                    ("date_from=soon", "bad_parameter"), ("contact_id=1", "unsupported_filter"),
                ] {
                    let answer = try await rig.send(.GET, "/api/v1/calls?\(query)")
                    #expect(answer.status == 400 && answer.errorCode == code, "\(query)")
                }
            }
        }

        @Test func numbersAreForOperatorsOnly() async throws {
            try await RouteRig.run(book()) { rig in
                for path in ["/api/v1/calls", "/api/v1/calls/twilio:CA1", "/api/v1/ringover/calls/77"] {
                    let seen = try await rig.send(.GET, path, role: .viewer)
                    #expect(seen.status == 200 && seen.body.contains("+1202•••0142"), "\(path)")
                    #expect(!seen.body.contains("5550"), "\(path)")
                    let known = try await rig.send(.GET, path)
                    #expect(known.body.contains(RouteRig.caller) && !known.body.contains("•"), "\(path)")
                }
            }
        }

        @Test func oneCallIsShownWhole() async throws {
            let book = book()
            book.attach(media: "E1", to: Told.key("CA1"))
            try await RouteRig.run(book) { rig in
                let live = try await rig.send(.GET, "/api/v1/calls/E1")
                #expect(live.json.text("id") == "twilio:CA1" && live.json.text("call_id") == "E1")
                #expect(live.json.text("status") == "in_progress" && live.json["answered"] as? Bool == true)
                #expect(live.json["live"] as? Bool == false && live.json["ended_at"] is NSNull)
                let call = try await rig.send(.GET, "/api/v1/calls/ringover%3A77")
                #expect(call.json.text("started_at") == "2025-11-22T09:00:00Z")
                #expect(call.json.text("ended_at") == "2025-11-22T09:01:00Z")
                #expect(call.json.number("duration_seconds") == 60 && call.json.text("provider_call_id") == "77")
                let transcriptions = call.json["transcriptions"] as? [[String: Any]]
                #expect(transcriptions?.first?.text("text") == "Call me back.")
                #expect((call.json["recordings"] as? [[String: Any]])?.first?.text("id") == "R")
                #expect(!call.body.contains("cdn"), "where the provider keeps it")
                let list = try await rig.send(.GET, "/api/v1/calls")
                #expect(!list.body.contains("Call me back"))
            }
        }

        @Test func anothersCallIsAsUnknownAsNone() async throws {
            try await RouteRig.run(book(), controls: [("twilio", FakeControl())]) { rig in
                for id in ["twilio:CA2", "twilio:CA3", "CA1", "%00", "%zz", "a%2Fb", "twilio:"] {
                    for (method, path) in [(HTTPMethod.GET, ""), (.POST, "/hangup")] {
                        let answer = try await rig.send(method, "/api/v1/calls/\(id)\(path)")
                        #expect(answer.status == 404 && answer.errorCode == "unknown_call", "\(method) \(id)")
                    }
                }
            }
        }

        @Test func ringoversListsHoldRingoversCallsOnly() async throws {
            try await RouteRig.run(book()) { rig in
                #expect(ids(try await rig.send(.GET, "/api/v1/ringover/calls", tenant: "*")) == ["ringover:77"])
                for id in ["77", "ringover:77"] {
                    #expect(try await rig.send(.GET, "/api/v1/ringover/calls/\(id)").status == 200)
                }
                #expect(try await rig.send(.GET, "/api/v1/ringover/calls/twilio:CA1").status == 404)
                #expect(try await rig.send(.GET, "/api/v1/ringover/calls/77", tenant: "b").status == 404)
                let sums = try await rig.send(.GET, "/api/v1/ringover/stats").json
                #expect(sums.number("total") == 1 && sums.number("answered") == 1 && sums.number("live") == 0)
                #expect(sums.object("by_status").number("completed") == 1)
                #expect(sums.object("by_status").number("no_answer") == 0)
                #expect(sums.object("by_direction").number("inbound") == 1)
                #expect(sums.number("talk_seconds") == 60 && sums.number("average_talk_seconds") == 60)
                let none = try await rig.send(.GET, "/api/v1/ringover/stats?date_from=2026-01-01").json
                #expect(none.number("total") == 0 && none["average_talk_seconds"] is NSNull)
            }
        }

        @Test func withoutAGoodTokenThereIsNothing() async throws {
            try await RouteRig.run(book()) { rig in
                let token = try await rig.tokens.mint(
                    subject: "s",
                    tenant: "*",
                    role: .operator,
                    lifetime: .seconds(60)
                )
                for (method, path) in [
                    (HTTPMethod.GET, "/api/v1/calls"), (.GET, "/api/v1/calls/twilio:CA1"), (.POST, "/api/v1/calls"),
                    (.GET, "/api/v1/ringover/calls"), (.GET, "/api/v1/ringover/stats"),
                    (.POST, "/api/v1/calls/twilio:CA1/hangup"),
                ] {
                    let none = try await rig.send(method, path, tenant: nil)
                    #expect(none.status == 401 && none.errorCode == "unauthorized", "\(path)")
                    let query = try await rig.send(method, "\(path)?token=\(token)", tenant: nil)
                    #expect(query.status == 401, "not in an address: \(path)")
                    let wrong = try await rig.send(
                        method,
                        path,
                        tenant: nil,
                        headers: [("Authorization", "Bearer \(token)x")]
                    )
                    #expect(wrong.status == 401, "\(path)")
                }
            }
        }

        // MARK: Acting

        @Test func aViewerMayNotAct() async throws {
            let control = FakeControl()
            try await RouteRig.run(book(), controls: [("twilio", control)]) { rig in
                for path in ["", "/twilio:CA1/hangup", "/twilio:CA1/transfer", "/twilio:CA1/say", "/twilio:CA1/digits"]
                {
                    let answer = try await rig.send(.POST, "/api/v1/calls\(path)", role: .viewer, body: "{}")
                    #expect(answer.status == 403 && answer.errorCode == "forbidden")
                }
                #expect(control.requests.isEmpty && control.calls.isEmpty)
            }
        }

        @Test func aCallWhoseSoundIsHereIsToldThroughItsConversation() async throws {
            let book = book()
            CallBookLink(book).call(
                CallIdentity(id: "E1", provider: "twilio", providerCallID: "CA1", tenant: "a"),
                at: .zero,
                .started
            )
            let (desk, control) = (FakeDesk(["E1"]), FakeControl())
            try await RouteRig.run(book, desk: desk, controls: [("twilio", control)]) { rig in
                for (verb, body) in [
                    ("say", #"{"text":"  One moment. "}"#), ("transfer", #"{"number":"+12025550199"}"#),
                    ("transfer", #"{"number":"+12025550199","kind":"warm","brief":"A bill.","say":"Hold on."}"#),
                    ("transfer", #"{"name":"billing"}"#), ("transfer", #"{"name":"billing","kind":"blind"}"#),
                    ("hangup", ""), ("digits", #"{"digits":"12w#"}"#),
                ] {
                    let answer = try await rig.send(.POST, "/api/v1/calls/E1/\(verb)", body: body)
                    #expect(answer.status == 202 && answer.json.text("status") == "accepted", "\(verb) \(answer.body)")
                    #expect(answer.json.text("via") == (verb == "digits" ? "provider" : "conversation"))
                }
                #expect(
                    desk.instructions == [
                        .say("One moment."), .transfer(number: "+12025550199", announcement: nil, brief: nil),
                        .transfer(number: "+12025550199", announcement: "Hold on.", brief: "A bill."),
                        .transfer(number: "+12025550111", announcement: "To billing.", brief: "A caller about a bill."),
                        .transfer(number: "+12025550111", announcement: "To billing.", brief: nil), .hangUp,
                    ]
                )
                #expect(control.requests == [#"CA1: digits("12w#")"#])
            }
        }

        @Test func otherwiseItsProviderIsAsked() async throws {
            let control = FakeControl()
            try await RouteRig.run(book(), controls: [("twilio", control)]) { rig in
                for (verb, body, status) in [
                    ("transfer", #"{"number":"+12025550199"}"#, 202), ("transfer", #"{"name":"billing"}"#, 202),
                    ("hangup", "{}", 202), ("digits", #"{"digits":"1"}"#, 202), ("say", #"{"text":"Hi"}"#, 501),
                ] {
                    let answer = try await rig.send(.POST, "/api/v1/calls/twilio:CA1/\(verb)", body: body)
                    #expect(answer.status == status, "\(verb) \(answer.body)")
                }
                #expect(control.requests.count == 4 && control.requests[2] == "CA1: hangUp")
                #expect(control.requests[0].contains("+12025550199") && control.requests[0].contains("blind"))
                #expect(control.requests[1].contains("A caller about a bill."))
            }
        }

        @Test func whatAProviderRefusesIsToldWithItsReason() async throws {
            let control = FakeControl()
            try await RouteRig.run(book(), controls: [("twilio", control)]) { rig in
                for (error, status, after) in [
                    (ControlError(.gone, "Over."), 409, nil), (ControlError(.notSupported, "No way."), 501, nil),
                    (ControlError(.notConfigured, "No key."), 503, nil), (ControlError(.failed, "Refused."), 502, nil),
                    (ControlError(.rateLimited, "Slow.", retryAfter: .milliseconds(1500)), 429, "2"),
                    (ControlError(.rateLimited, "Slow.", retryAfter: .zero), 429, "1"),
                    (ControlError(.rateLimited, "Slow."), 429, nil),
                ] as [(ControlError, Int, String?)] {
                    control.fail(error)
                    let answer = try await rig.send(.POST, "/api/v1/calls/twilio:CA1/hangup")
                    #expect(answer.status == status && answer.errorCode == error.code.rawValue)
                    #expect(answer.json.object("error").text("message") == error.message)
                    #expect(answer.headers["retry-after"] == after)
                }
                let ended = try await rig.send(.POST, "/api/v1/calls/ringover:77/hangup")
                #expect(ended.status == 409 && ended.errorCode == "gone")
                let foreign = try await rig.send(.POST, "/api/v1/calls/twilio:CA2/hangup", tenant: "b")
                #expect(foreign.status == 202, "its own tenant")
            }
            try await RouteRig.run(book()) { rig in
                let answer = try await rig.send(.POST, "/api/v1/calls/twilio:CA1/hangup")
                #expect(answer.status == 503 && answer.errorCode == "not_configured")
            }
        }

        @Test(arguments: [
            ("transfer", "", "bad_field"), ("transfer", "{}", "bad_field"), ("transfer", "[]", "bad_json"),
            ("transfer", "nonsense", "bad_json"), ("transfer", "\u{FF}", "bad_json"),
            ("transfer", #"{"number":"5550199"}"#, "bad_field"), ("transfer", #"{"number":12025550199}"#, "bad_field"),
            ("transfer", #"{"number":"+1202555"}"#, "bad_field"), ("transfer", #"{"number":null}"#, "bad_field"),
            ("transfer", #"{"number":"+12025550199","name":"billing"}"#, "bad_field"),
            ("transfer", #"{"name":"nobody"}"#, "bad_field"),
            ("transfer", #"{"name":"desk","kind":"warm"}"#, "bad_field"),
            ("transfer", #"{"number":"+12025550199","kind":"hot"}"#, "bad_field"),
            ("transfer", #"{"number":"+12025550199","breif":"x"}"#, "bad_field"), ("say", "{}", "bad_field"),
            ("say", #"{"text":"  "}"#, "bad_field"), ("say", #"{"text":7}"#, "bad_field"),
            ("say", #"{"text":"a\u0000b"}"#, "bad_field"), ("digits", #"{"digits":"12a"}"#, "bad_field"),
            ("digits", #"{"digits":"１２"}"#, "bad_field"), ("digits", #"{"digits":12}"#, "bad_field"),
            ("digits", #"{"digits":"123456789012345678901234567890123"}"#, "bad_field"),
            ("hangup", #"{"why":"x"}"#, "bad_field"), ("hangup", "{", "bad_json"),
        ])
        func whatIsWrongWithARequestIsNamed(_ verb: String, _ body: String, _ code: String) async throws {
            let control = FakeControl()
            try await RouteRig.run(book(), controls: [("twilio", control)]) { rig in
                let answer = try await rig.send(.POST, "/api/v1/calls/twilio:CA1/\(verb)", body: body)
                #expect(answer.status == 400 && answer.errorCode == code, "\(body): \(answer.body)")
                #expect(!answer.body.contains("5550199"), "no number is repeated")
                #expect(control.requests.isEmpty)
            }
        }

        @Test func bodiesAreBoundedAndJSON() async throws {
            try await RouteRig.run(book(), controls: [("twilio", FakeControl())]) { rig in
                let path = "/api/v1/calls/twilio:CA1/say"
                let long = try await rig.send(
                    .POST,
                    path,
                    body: #"{"text":"\#(String(repeating: "a", count: 20_000))"}"#
                )
                #expect(long.status == 413 && long.errorCode == "too_large")
                let longer = try await rig.send(
                    .POST,
                    path,
                    body: #"{"text":"\#(String(repeating: "a", count: 3000))"}"#
                )
                #expect(longer.status == 400)
                let deep = String(repeating: "[", count: 8000)
                #expect(try await rig.send(.POST, path, body: deep).errorCode == "bad_json")
                for type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
                    let answer = try await rig.send(.POST, path, headers: [("Content-Type", type)], body: "{}")
                    #expect(answer.status == 415 && answer.errorCode == "not_json")
                }
                let typed = try await rig.send(
                    .POST,
                    path,
                    headers: [("Content-Type", "Application/JSON; charset=utf-8")],
                    body: #"{"text":"Hi"}"#
                )
                #expect(typed.status == 501)
            }
        }

        // MARK: Calling

        @Test func somebodyIsCalledAndTheCallIsInTheBook() async throws {
            let book = CallBook()
            let (twilio, ringover) = (FakeControl(), FakeControl())
            try await RouteRig.run(book, controls: [("twilio", twilio), ("ringover", ringover)]) { rig in
                let body = #"{"to":"+12025550142","tenant":"a"}"#
                let answer = try await rig.send(.POST, "/api/v1/calls", body: body)
                #expect(answer.status == 201 && answer.json.text("id") == "twilio:NEW1")
                let location = try #require(answer.headers["location"])
                let shown = try await rig.send(.GET, location)
                #expect(shown.status == 200 && shown.json.text("status") == "initiated")
                #expect(shown.json.text("direction") == "outbound" && shown.json.text("to") == RouteRig.caller)
                let other = #"{"to":"+12025550142","from":"+12025550101","provider":"ringover"}"#
                #expect(try await rig.send(.POST, "/api/v1/calls", body: other).json.text("id") == "ringover:NEW1")
                #expect(twilio.calls == [.init(to: "+12025550142", from: "+12025550100", tenant: "a")])
                #expect(ringover.calls == [.init(to: "+12025550142", from: "+12025550101", tenant: "a")])
                let free = #"{"to":"+12025550142","from":"+442071838750","tenant":"b"}"#
                #expect(try await rig.send(.POST, "/api/v1/calls", tenant: "*", body: free).status == 201)
            }
        }

        @Test(arguments: [
            (#"{"tenant":"a"}"#, "a", 400, "bad_field"), (#"{"to":"911"}"#, "a", 400, "bad_field"),
            (#"{"to":"+12025550142","from":"+12025550142"}"#, "a", 400, "bad_field"),
            (#"{"to":"+12025550142","tenant":"b"}"#, "a", 404, "unknown_tenant"),
            (#"{"to":"+12025550142","tenant":"c"}"#, "*", 404, "unknown_tenant"),
            (#"{"to":"+12025550142"}"#, "*", 400, "bad_field"),
            (#"{"to":"+12025550142","tenant":"b"}"#, "*", 400, "bad_field"),
            (#"{"to":"+12025550142","provider":"fax"}"#, "a", 400, "bad_field"),
            (#"{"to":"+12025550142","provider":"ringcentral"}"#, "a", 503, "not_configured"),
            (#"{"to":"+12025550142","number":"x"}"#, "a", 400, "bad_field"),
        ])
        func aCallThatMayNotBeIsRefused(_ body: String, _ tenant: String, _ status: Int, _ code: String) async throws {
            let control = FakeControl()
            try await RouteRig.run(CallBook(), controls: [("twilio", control)]) { rig in
                let answer = try await rig.send(.POST, "/api/v1/calls", tenant: tenant, body: body)
                #expect(answer.status == status && answer.errorCode == code, "\(answer.body)")
                #expect(!answer.body.contains("5550142") && control.calls.isEmpty)
            }
        }

        @Test func withoutAProviderNobodyIsCalled() async throws {
            try await RouteRig.run(CallBook()) { rig in
                let answer = try await rig.send(.POST, "/api/v1/calls", body: #"{"to":"+12025550142"}"#)
                #expect(answer.status == 503 && answer.errorCode == "not_configured")
            }
        }

        // MARK: Asking again

        @Test func aRequestSentAgainIsNotDoneAgain() async throws {
            let control = FakeControl()
            try await RouteRig.run(CallBook(), controls: [("twilio", control)]) { rig in
                let body = #"{"to":"+12025550142"}"#
                let key = [("Idempotency-Key", "k-1")]
                let first = try await rig.send(.POST, "/api/v1/calls", headers: key, body: body)
                let again = try await rig.send(.POST, "/api/v1/calls", headers: key, body: body)
                #expect(first.status == 201 && again.status == 201 && again.body == first.body)
                #expect(again.headers["location"] == first.headers["location"] && control.calls.count == 1)
                let other = try await rig.send(
                    .POST,
                    "/api/v1/calls",
                    headers: key,
                    body: #"{"to":"+12025550143"}"#
                )
                #expect(other.status == 422 && other.errorCode == "key_reused")
                let foreign = try await rig.send(
                    .POST,
                    "/api/v1/calls",
                    tenant: "*",
                    headers: key,
                    body: #"{"to":"+12025550142","tenant":"a"}"#
                )
                #expect(foreign.status == 201 && control.calls.count == 2, "another's key is another key")
                for bad in ["a b", String(repeating: "k", count: 129)] {
                    let answer = try await rig.send(
                        .POST,
                        "/api/v1/calls",
                        headers: [("Idempotency-Key", bad)],
                        body: body
                    )
                    #expect(answer.status == 400 && answer.errorCode == "bad_key")
                }
            }
        }

        @Test func onlyAnAnswerThatStaysIsGivenAgain() async throws {
            let control = FakeControl()
            try await RouteRig.run(book(), controls: [("twilio", control)]) { rig in
                control.fail(ControlError(.failed, "x"), ControlError(.rateLimited, "x"), ControlError(.gone, "x"))
                var statuses: [Int] = []
                for _ in 0..<4 {
                    let path = "/api/v1/calls/twilio:CA1/hangup"
                    statuses.append(try await rig.send(.POST, path, headers: [("Idempotency-Key", "1")]).status)
                }
                #expect(statuses == [502, 429, 409, 409], "over is over")
                #expect(control.requests.count == 3)
            }
        }

        @Test func whileARequestIsUnderWayItsTwinWaitsForNobody() async throws {
            let (gate, open) = AsyncStream.makeStream(of: Void.self)
            let control = FakeControl(gate: gate)
            try await RouteRig.run(book(), controls: [("twilio", control)]) { rig in
                let path = "/api/v1/calls/twilio:CA1/hangup"
                let key = [("Idempotency-Key", "k")]
                async let first = rig.send(.POST, path, headers: key)
                while control.requests.isEmpty { await Task.yield() }
                let twin = try await rig.send(.POST, path, headers: key)
                #expect(twin.status == 409 && twin.errorCode == "in_progress")
                open.yield()
                #expect(try await first.status == 202)
                #expect(control.requests.count == 1)
            }
        }
    }
}
