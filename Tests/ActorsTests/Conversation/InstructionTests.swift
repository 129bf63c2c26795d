import Actors
import Engine
import TestSupport
import Testing

@Suite("Instructions to a live call")
struct InstructionTests {
    @Test func wordsAreSaidWhenTheAgentHasFinished() {
        var rig = ConversationRig.opened()
        rig.callerSays("hours", turn: 1)
        rig.modelSays("We open at nine.")
        rig.begins()
        rig.give(.instructed(.say("A doctor is on the way.")))
        rig.give(.instructed(.say("Please wait.")))
        #expect(rig.lastWords == "We open at nine.")
        rig.heard()
        #expect(rig.lastWords == "A doctor is on the way.")
        rig.heard()
        #expect(rig.lastWords == "Please wait.")
        rig.heard()
        #expect(rig.machine.history.map(\.text).suffix(2) == ["A doctor is on the way.", "Please wait."])
    }

    @Test func wordsAreSaidAtOnceWhenNobodySpeaksAndNotIntoTheCallersTurn() {
        var quiet = ConversationRig.opened()
        quiet.give(.instructed(.say("Please wait.")))
        #expect(quiet.lastWords == "Please wait.")

        var talking = ConversationRig.opened()
        talking.give(.event(.callerStarted(turn: 1, at: talking.now)))
        talking.give(.instructed(.say("Please wait.")))
        #expect(talking.begun.count == 1)
        talking.give(.event(.callerDropped(turn: 1, at: talking.now)))
        #expect(talking.lastWords == "Please wait.")
    }

    @Test func aFloodOfWordsIsBounded() {
        var rig = ConversationRig.opened()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        for number in 0..<100 { rig.give(.instructed(.say("Number \(number)."))) }
        rig.give(.event(.callerDropped(turn: 1, at: rig.now)))
        for _ in 0..<100 { rig.heard() }
        #expect(rig.spoken.last == "Number 7.")
    }

    @Test func aTransferIsAnnouncedWithTheOperatorsOrTheTenantsWordsAndStands() {
        for announcement in ["Doctor Reed will help you.", nil] {
            var rig = ConversationRig.opened(
                .varied { $0.transfers = ["ward": .init(number: "+15550199", brief: "From the ward.")] }
            )
            rig.callerSays("hours", turn: 1)
            rig.modelSays("We open at nine.")
            rig.begins()
            rig.give(.instructed(.transfer(number: "+15550188", announcement: announcement, brief: "An angry caller.")))
            #expect(rig.lastWords == announcement ?? "I am putting you through.")
            rig.callerSays("no wait", turn: 2)
            rig.heard()
            #expect(rig.closed == .transferred)
            rig.give(.event(.ended(.transferred, at: rig.now)))
            #expect(rig.outcome?.transferTo == "+15550188")
            #expect(rig.outcome?.transferBrief == "An angry caller.")
        }
    }

    @Test func hangingUpSaysTheGoodbyeFirst() {
        var rig = ConversationRig.opened()
        rig.callerSays("hours", turn: 1)
        rig.give(.instructed(.hangUp))
        #expect(rig.lastWords == "Goodbye now.")
        #expect(rig.closed == nil)
        rig.heard()
        #expect(rig.closed == .agentHungUp)
    }

    @Test func anEmergencyComesBeforeAnOperatorsWords() {
        var rig = ConversationRig.opened()
        rig.give(.event(.callerStarted(turn: 1, at: rig.now)))
        rig.give(.instructed(.say("Please wait.")))
        rig.give(.transcript(.partial("bleeding", turn: 1), work: nil))
        #expect(rig.lastWords == "Help is on the way.")
        rig.heard()
        #expect(rig.closed == .transferred)
        #expect(!rig.spoken.contains("Please wait."))
    }
}
