import Actors
import Engine
import Foundation
import Legs
import Testing
import VendorServers

extension VendorLoopback {
    @Suite("ezyVet records")
    struct EzyVetRecordsTests {
        @Test func aContactIsFoundByItsNumberWithItsLivingAnimals() async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                let found = try await client.contacts(phone: EzyVetRig.jane)
                #expect(found == [Contact(id: "7", name: "Jane Doe", patients: [.init(id: "71", name: "Rex")])])
                #expect(server.counts.refusals.isEmpty)
                #expect(server.counts.tokens == 1)
            }
        }

        @Test(arguments: [
            "+12025550142", "12025550142", "2025550142", "202-555-0142", "(202)555-0142", "202.555.0142",
            "1-202-555-0142",
            "+1 (202) 555-0142",
        ])
        func aNumberIsFoundHoweverItWasWritten(_ text: String) async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                server.change { $0.details = [EzyVetRig.detail(1, 7, text)] }
                #expect(try await client.contacts(phone: EzyVetRig.jane).map(\.id) == ["7"])
            }
        }

        @Test func britishNumbersAreFoundWithTheirTrunkPrefix() async throws {
            try await EzyVetRig.run({ $0.countryCode = "44" }) { (client, _, server) async throws in
                for text in ["02079460000", "020 79460000", "+44 (0)2079460000", "+442079460000"] {
                    server.change { $0.details = [EzyVetRig.detail(1, 8, text)] }
                    #expect(try await client.contacts(phone: "+442079460000").map(\.id) == ["8"], "\(text)")
                }
            }
        }

        @Test(arguments: ["+12025550199", "+442025550142"])
        func strangersAreNobody(_ number: String) async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                #expect(try await client.contacts(phone: number).isEmpty)
                #expect(server.counts.requests["/v1/contact"] == nil)
            }
        }

        @Test func aNumberOfManyNamesNobody() async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                server.change { $0.details = (1...6).map { EzyVetRig.detail($0, $0, "+12025550142") } }
                #expect(try await client.contacts(phone: EzyVetRig.jane).isEmpty)
            }
        }

        @Test func consultsAreTheContactsOwnTheNewestFirst() async throws {
            try await EzyVetRig.run { (client, _, _) async throws in
                let jane = try await client.contacts(phone: EzyVetRig.jane)[0]
                let cases = try await client.cases(of: jane, limit: 5)
                #expect(cases.map(\.summary) == ["Vaccination", "Limping"])
                #expect(try await client.cases(of: jane, limit: 1).map(\.id) == ["2"])
                #expect(try await client.cases(of: Contact(id: "7", name: ""), limit: 1).isEmpty)
            }
        }

        @Test func pagesAreReadToTheirEndAndNoFurtherThanTheirBound() async throws {
            try await EzyVetRig.run({ ($0.pageSize, $0.pages) = (2, 3) }) { (client, _, server) async throws in
                let jane = Contact(id: "7", name: "J", patients: [.init(id: "71", name: "Rex")])
                server.change { site in
                    site.consults = (1...6).map { EzyVetRig.consult($0, animal: 71, $0, "c") }
                }
                #expect(try await client.cases(of: jane, limit: 9).count == 6)
                #expect(server.counts.requests["/v1/consult"] == 3)
                server.change { $0.consults.append(EzyVetRig.consult(7, animal: 71, 7, "c")) }
                await #expect(throws: ToolError.self) { try await client.cases(of: jane, limit: 9) }
            }
        }

        @Test func aTokenServesUntilItNearsItsEnd() async throws {
            let now = Locked(EzyVetRig.now)
            try await EzyVetRig.run(now: { now.withLock { $0 } }) { (client, _, server) async throws in
                for hours in [0.0, 11.9, 11.95] {
                    now.withLock { $0 = EzyVetRig.now.addingTimeInterval(hours * 3600) }
                    _ = try await client.contacts(phone: EzyVetRig.jane)
                }
                #expect(server.counts.tokens == 2, "renewed five minutes before the twelve hours are over")
            }
        }

        @Test func aRevokedTokenIsRenewedOnce() async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                _ = try await client.contacts(phone: EzyVetRig.jane)
                server.revoke()
                #expect(try await client.contacts(phone: EzyVetRig.jane).count == 1)
                #expect(server.counts.tokens == 2)
                server.fail("/v1/contactdetail", .unauthorized, times: 2)
                let error = await ToolRig.fault { _ = try await client.contacts(phone: EzyVetRig.jane) }
                #expect((error as? ToolError)?.code == .refused)
                #expect(server.counts.tokens == 3)
            }
        }

        @Test func manyAtOnceFetchOneToken() async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<10 { group.addTask { try await client.contacts(phone: EzyVetRig.jane).count } }
                    for try await count in group { #expect(count == 1) }
                }
                #expect(server.counts.tokens == 1)
            }
        }

        @Test func wrongCredentialsAreRefused() async throws {
            try await EzyVetRig.run({ $0.clientSecret = "wrong" }) { (client, _, _) async throws in
                let error = await ToolRig.fault { _ = try await client.contacts(phone: EzyVetRig.jane) }
                #expect((error as? ToolError)?.code == .refused)
            }
        }

        @Test func aShortWaitIsWaitedForAndALongOneIsNot() async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                server.fail("/v1/contactdetail", .tooManyRequests)
                #expect(try await client.contacts(phone: EzyVetRig.jane).count == 1)
            }
            try await EzyVetRig.run({ $0.longestWait = .milliseconds(10) }) { (client, _, server) async throws in
                server.fail("/v1/contactdetail", .tooManyRequests)
                let error = await ToolRig.fault { _ = try await client.contacts(phone: EzyVetRig.jane) }
                #expect((error as? ToolError)?.code == .unavailable)
                #expect(server.counts.requests["/v1/contactdetail"] == 1, "and the site is left alone")
            }
        }

        @Test(arguments: ["/v1/oauth", "/v1/contactdetail", "/v1/animal"], VendorFault.allCases)
        func aFaultIsAnErrorAndTheNextQuestionWorks(_ path: String, _ fault: VendorFault) async throws {
            try await EzyVetRig.run({
                $0.timeout = [.halfOpen, .slowDrip].contains(fault) ? .seconds(1) : .seconds(30)
                $0.responseBytes = 200_000
            }) { (client, _, server) async throws in
                // Twice, because what broke on its way is asked once more.
                server.fail(path, fault, times: 2)
                let error = await ToolRig.fault { _ = try await client.contacts(phone: EzyVetRig.jane) }
                #expect(error is ToolError, "\(fault) at \(path): \(String(describing: error))")
                if fault == .halfOpen || fault == .slowDrip { #expect((error as? ToolError)?.code == .timeout) }
            }
        }

        @Test func whatBrokeOnItsWayIsAskedOnceMore() async throws {
            try await EzyVetRig.run { (client, _, server) async throws in
                server.fail("/v1/contactdetail", .reset)
                server.fail("/v1/animal", .serverError)
                #expect(try await client.contacts(phone: EzyVetRig.jane).count == 1)
            }
        }

        @Test(arguments: [
            ("http://api.ezyvet.com", "EZYVET_BASE_URL"), ("https://api.ezyvet.com/v1", "EZYVET_BASE_URL"),
            ("api.ezyvet.com", "EZYVET_BASE_URL"), ("", "EZYVET_BASE_URL"),
        ])
        func aBadAddressIsNamed(_ url: String, _ name: String) async throws {
            var configuration = EzyVetConfiguration(
                clientID: "a",
                clientSecret: "b",
                partnerID: "c",
                siteUID: "d",
                countryCode: "1"
            )
            configuration.baseURL = url
            try await ToolRig.connections { connections in
                let error = await ToolRig.fault { _ = try EzyVetClient(configuration, connections: connections) }
                #expect((error as? DeclarationFault)?.field == name)
                configuration.baseURL = "https://api.trial.ezyvet.com"
                configuration.partnerID = ""
                let missing = await ToolRig.fault { _ = try EzyVetClient(configuration, connections: connections) }
                #expect((missing as? DeclarationFault)?.field == "EZYVET_PARTNER_ID")
            }
        }
    }
}
