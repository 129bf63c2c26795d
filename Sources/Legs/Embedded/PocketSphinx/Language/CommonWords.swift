/// The 900 most frequent words of spoken English, most frequent first.
///
/// They stand for everything a caller may say that the tenant's phrases do not hold: speech about something else comes
/// out as these words instead of being forced into the tenant's.
///
/// - Source: unigrams of the `en-us` language model of CMU Sphinx (BSD-2), sorted by probability; places, single
///   letters and swear words left out.
enum CommonWords {
    static let ranked: [String] = text.split(whereSeparator: \.isWhitespace).map(String.init)

    private static let text = """
        the to i and a of you that in it is for but know was have they on like be not it's so with are one this he yeah
        just my we as what if do at or don't about i'm all think there would from two me people can your get out no
        that's said up more when an had right well hundred really has thousand will oh because how time them she been
        by some who their his were now then go good mean than going her see could much other you're five got three even
        too only want did him something very where here way which nine lot make say first years back any new our also
        over into ah i've they're year thing still four should work things those take us most didn't why these never
        twenty there's need after being can't okay little down kind point actually many day off come same six before
        last he's look sure eight money doing pretty around seven always guess dollars life long yes better probably
        every we're world does anything maybe school great find doesn't though big made feel through thirty cause game
        old put use different stuff ten home may might used am thought while best since man love own getting another
        fifty few bad give part percent live family i'll tell ever gonna again went someone help i'd keep everything
        play try hard done enough trying next end away its place far forty talk both ninety real says country kids
        times least person bit such million high exactly what's isn't told nothing friends believe let call having able
        show else watch ago job nice start once whole house government problem looking change children each without
        days found true saying between less week she's seen already wouldn't makes guy course care name second came
        sixty pay wasn't talking until making seems eighty thanks either idea seventy read yet definitely team working
        city mr left wanted remember huh fact night business months state number against called half public understand
        everyone whatever almost run friend case took sometimes today must sorry important wrong started heard haven't
        couple minutes hi reason set question system together car games women war hope states hey stop happened thank
        guys coming sort small won't fun hear york under let's quite during agree free wow buy close past food top
        anyone hours you've saw news side kinda myself cool mind thinking company deal whether comes happen interesting
        looks gets later taking young parents phone ask stay matter please we've united especially power health area
        american move rather open usually goes line fifteen sense using men wait story couldn't means however somebody
        fine leave become playing lost level water living full often head funny yourself instead group college zero
        happy easy president ones knew others post month hit seem supposed age needs room experience asked computer
        support turn outside issue eat given movie likely hand aren't white possible face market everybody book wants
        weeks gone tried certain early police rest you'll future taken countries problems cost situation woman chance
        sounds information child twelve third anyway type mother girl party players bring works check watching win
        worked basically black hour lives eleven middle worth hello husband added internet security based cut law son
        running control married soon body along paid season wife spend history dog single learn behind example
        difficult front america themselves clear huge wanna shows order although per played price class death they've
        human plan jobs takes father local south felt amount answer gave within music absolutely across schools we'll
        longer economy kill topic knows hold morning pick ok unless late pounds meet video office difference major
        happens town word hate companies needed known moment completely low large general mine enjoy killed national
        dead building involved wish totally died you'd walk air north education issues several political study
        certainly according places mom service fight community imagine billion crazy moved kid heart short ready looked
        figure sit space cold ways lose sound students list baby gotta changed social drive street alone worse cannot
        reading light research turned perhaps reality they'll books hot current break spent amazing words sports energy
        lived simply boy process shot wonder dad add obviously similar stand higher feeling personal questions listen
        doctor university seeing risk strong average near decided relationship older die serious build daughter player
        online summer expect available awesome inside military media fire test fast save report hands private main oil
        financial east minimum term giving poor favorite who's expected finally program interest choice continue red
        movies send industry brother interested china common bought weird rate speak road attack itself sell door fall
        entire shouldn't due americans ahead allowed decision opinion west brought anymore economic special terms met
        nobody recently form forward worry court starting view nearly telling position girls store attention consider
        football miss perfect site bill sent himself points waiting normal force easier trust sick film tax value
        series result worst fair act won vote action stupid trade except born smoke anybody eighteen wage miles step
        return including changes evidence somewhere hurt members bank extra lots beautiful field share ground biggest
        moving asking picture total forget race edit safe fourteen watched plus ball card society uh became record
        mostly quality truth seriously super comment expensive create eyes paying simple global write tough travel kept
        sign follow minute cat thirteen blood among fan lead meant cases data europe period
        """
}
