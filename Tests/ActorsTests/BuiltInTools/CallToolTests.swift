import Actors
import Foundation
import Testing

@Suite("Tools of the call itself")
struct CallToolTests {
    @Test func aTransferReachesANamedPersonWithTheBrief() async throws {
        let tool = try #require(TransferTool(.weekdays))
        let result = try await tool.call(["to": "front_desk", "brief": " Jane,\nabout\u{7} Rex "], .of())
        #expect(result.action == .transfer(to: "+12025550101"))
        #expect(result.wish == "Jane, about Rex")
        #expect(!result.content.serialized.contains("555"), "no number is told to the model")
    }

    @Test func whoTakesNoBriefIsConnectedWithoutOne() async throws {
        let tool = try #require(TransferTool(.weekdays))
        let result = try await tool.call(["to": "emergency_vet", "brief": "It is urgent."], .of())
        #expect(result == ToolResult(["transferring_to": "emergency_vet"], action: .transfer(to: "+12025550102")))
    }

    @Test(arguments: ["+12025550199", "boss", "", "FRONT_DESK"])
    func nobodyElseIsReached(_ name: String) async throws {
        let tool = try #require(TransferTool(.weekdays))
        let fault = await fault { try await tool.call(["to": .text(name), "brief": "x"], .of()) }
        #expect(fault?.code == .arguments)
        #expect(fault?.message.contains("emergency_vet, front_desk") == true)
    }

    @Test func aTenantWithNobodyHasNoTransfer() {
        #expect(TransferTool(TenantProfile(id: "a", name: "A", numbers: [], greeting: "")) == nil)
    }

    @Test func hangingUpIsAnAction() async throws {
        #expect(try await HangUpTool().call([:], .of()).action == .hangUp)
    }

    @Test(arguments: [("1", 1), ("12w34#*", 6), (String(repeating: "9", count: 32), 32)])
    func keysArePressed(_ keys: String, _ count: Int) async throws {
        let practice = Practice()
        let result = try await SendKeysTool(practice).call(["keys": .text(keys)], .of())
        #expect(result.content == ["pressed": .integer(Int64(count))])
        #expect(practice.state.withLock { $0.keys } == [keys])
    }

    @Test(arguments: ["", "w", "1a", "1 2", "１", String(repeating: "9", count: 33), "+1"])
    func whatIsNoKeyIsRefused(_ keys: String) async {
        let practice = Practice()
        #expect(await fault { try await SendKeysTool(practice).call(["keys": .text(keys)], .of()) }?.code == .arguments)
        #expect(practice.state.withLock { $0.keys }.isEmpty)
    }

    @Test func onlyWhatIsBackedIsOffered() {
        var backings = BuiltInTools.Backings()
        let nobody = TenantProfile(id: "a", name: "A", numbers: [], greeting: "")
        func names(_ profile: TenantProfile) -> Set<String> {
            Set(BuiltInTools.all(for: profile, backings).map(\.declaration.name))
        }
        #expect(names(nobody) == ["hang_up"])
        #expect(names(.weekdays) == ["hang_up", "transfer_call"])
        let practice = Practice()
        (backings.messages, backings.keys, backings.appointments) = (practice, practice, practice)
        #expect(names(nobody) == ["hang_up", "take_message", "send_keys", "find_appointment_times"])
        (backings.contacts, backings.cases) = (practice, practice)
        #expect(
            names(nobody) == [
                "hang_up", "take_message", "send_keys", "find_appointment_times", "book_appointment",
                "look_up_contact", "look_up_cases",
            ]
        )
        backings.appointments = Practice(services: [])
        #expect(!names(nobody).contains("book_appointment"), "a calendar without services books nothing")
    }

    @Test func everyDeclarationIsWhatVendorsTake() {
        var backings = BuiltInTools.Backings()
        let practice = Practice()
        (backings.messages, backings.keys, backings.appointments) = (practice, practice, practice)
        (backings.contacts, backings.cases) = (practice, practice)
        for tool in BuiltInTools.all(for: .weekdays, backings) {
            let declaration = tool.declaration
            #expect(declaration.name.wholeMatch(of: /[a-zA-Z0-9_-]{1,64}/) != nil)
            #expect(declaration.parameters["type"] == "object")
            let properties = Set(declaration.parameters["properties"]?.object?.keys.map { $0 } ?? [])
            let required = declaration.parameters["required"]?.list?.compactMap(\.text) ?? []
            #expect(properties.isSuperset(of: required))
        }
    }
}
