import Actors
import Gateway
import Testing

@Suite struct AgentReaderTests {
    private func read(_ more: String) throws(ProfileFaults) -> TenantProfile {
        try ProfileReader().read(text: ProfileFixtures.good + "\n" + more, file: "a.yaml")
    }

    @Test func everythingAboutTheAgentIsRead() throws {
        let profile = try read(
            """
            agent:
              instructions: You are kind.
              facts: [Parking is free., We have a cat.]
              maximum_answer_words: 30
              temperature: 0.4
              languages: [fr-fr]
              knows_caller_number: true
              tools: [transfer_call, ezyvet_*]
              triage_turns: 3
            redaction: {events: [phone, card], records: []}
            legs: {stt: [deepgram, embedded], tts: [elevenlabs]}
            voices: {elevenlabs: abc-123}
            pronunciations: {Oakfield: Oak field}
            """
        )
        #expect(profile.agent.instructions == "You are kind.")
        #expect(profile.agent.facts == ["Parking is free.", "We have a cat."])
        #expect(profile.agent.maximumAnswerWords == 30 && profile.agent.temperature == 0.4)
        #expect(profile.agent.languages == ["fr-FR"] && profile.agent.knowsCallerNumber)
        #expect(profile.agent.tools == ["transfer_call", "ezyvet_*"] && profile.agent.triageTurns == 3)
        #expect(profile.redaction.kinds(for: .events) == [.phone, .card])
        #expect(profile.redaction.kinds(for: .records).isEmpty)
        #expect(profile.redaction.kinds(for: .model) == [.card])
        #expect(profile.legs == .init(stt: ["deepgram", "embedded"], tts: ["elevenlabs"]))
        #expect(profile.voices == ["elevenlabs": "abc-123"])
        #expect(profile.pronunciations == ["Oakfield": "Oak field"])
    }

    @Test func toolsAreReadWithTheirSchema() throws {
        let profile = try read(
            """
            tools:
              - name: find_order
                description: Finds an order by its number.
                url: https://api.example.com/orders/{id}
                parameters: {type: object, required: [id], properties: {id: {type: string, maxLength: 12}}}
                auth: {kind: hmac, header: X-Proof, secret: PARLEY_TOOL_ORDERS}
                timeout: 3s
            mcp:
              - {name: crm, url: "https://mcp.example.com/mcp", allow: [find], read_only: [find]}
            """
        )
        let tool = try #require(profile.httpTools.first)
        #expect(tool.parameters["properties"]?["id"]?["maxLength"] == 12)
        #expect(tool.auth == .hmac(header: "X-Proof", secret: "PARLEY_TOOL_ORDERS"))
        #expect(tool.timeout == .seconds(3) && !tool.hasEffect)
        #expect(profile.mcpServers.map(\.name) == ["crm"] && profile.mcpServers.first?.readOnly == ["find"])
    }

    @Test(arguments: [
        ("agent: {temperature: hot}", "agent.temperature"), ("agent: {languages: [french!]}", "agent.languages"),
        ("agent: {triage_turns: 0}", "agent.triage_turns"), ("agent: {tone: nice}", "agent.tone"),
        ("redaction: {events: [address]}", "redaction.events"), ("redaction: {console: [card]}", "redaction.console"),
        ("legs: {stt: [whisper]}", "legs.stt"), ("legs: {llm: [deepgram]}", "legs.llm"),
        ("voices: {deepgram: \"a/b\"}", "voices.deepgram"), ("voices: {timed: a}", "voices.timed"),
        ("tools: [{name: t, description: d, url: \"http://127.0.0.1/x\"}]", "tools[0].url"),
        ("tools: [{name: t, description: d, url: \"https://a.example/{id}\"}]", "tools[0].url"),
        (
            "tools: [{name: t, description: d, url: \"https://a.example/\", auth: {secret: HOME}}]",
            "tools[0].auth.secret"
        ),
        ("mcp: [{name: crm, url: \"https://a.example/mcp\"}]", "mcp[0].allow"),
    ])
    func aMistakeIsNamedWithItsKey(text: String, key: String) {
        #expect {
            _ = try read(text)
        } throws: { error in
            (error as? ProfileFaults)?.faults.contains { $0.key == key } == true
        }
    }
}
