// Makes the recordings of this folder: swift profiles/sounds/make.swift profiles/sounds
// Plucked notes, written as sums of sines that die away; 8 kHz, 16 bit, mono, as a telephone has it.

import Foundation

let rate = 8000

struct Sound {
    private(set) var samples: [Double]

    init(seconds: Double) { samples = [Double](repeating: 0, count: Int(seconds * Double(rate))) }

    /// Adds a note. What rings past the end goes on at the beginning, so that the sound can go round without a click.
    mutating func pluck(_ frequency: Double, at start: Double, level: Double, decay: Double) {
        let first = Int(start * Double(rate))
        for index in 0..<Int(decay * 7 * Double(rate)) {
            let time = Double(index) / Double(rate)
            let attack = min(1, time / 0.012)
            let tone = [(1.0, 1.0), (2.0, 0.35), (3.0, 0.12)].reduce(0) { sum, harmonic in
                sum + harmonic.1 * sin(2 * .pi * frequency * harmonic.0 * time) * exp(-time * harmonic.0 / decay)
            }
            samples[(first + index) % samples.count] += level * attack * tone
        }
    }

    func write(to path: String) throws {
        var bytes = Data()
        func number(_ value: Int, _ count: Int) {
            for byte in 0..<count { bytes.append(UInt8(value >> (8 * byte) & 0xFF)) }
        }
        bytes.append(contentsOf: "RIFF".utf8)
        number(36 + samples.count * 2, 4)
        bytes.append(contentsOf: "WAVEfmt ".utf8)
        for (value, count) in [(16, 4), (1, 2), (1, 2), (rate, 4), (rate * 2, 4), (2, 2), (16, 2)] {
            number(value, count)
        }
        bytes.append(contentsOf: "data".utf8)
        number(samples.count * 2, 4)
        for sample in samples { number(Int((max(-1, min(1, sample)) * 32767).rounded()), 2) }
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}

/// Hertz of a note, counted in semitones from the A of 440 Hz.
func pitch(_ semitones: Int) -> Double { 440 * pow(2, Double(semitones) / 12) }

// Four bars of four beats at 100 a minute: C major 7, A minor 7, F major 7, G 6; a bass note on the first and third beat.
var hold = Sound(seconds: 9.6)
let bars = [[3, 7, 10, 14], [0, 3, 7, 10], [-4, 0, 3, 7], [-2, 2, 5, 7]]
for (bar, chord) in bars.enumerated() {
    let start = Double(bar) * 2.4
    for (step, note) in [0, 1, 2, 3, 2, 1, 2, 1].enumerated() {
        hold.pluck(pitch(chord[note]), at: start + Double(step) * 0.3, level: 0.09, decay: 0.45)
    }
    for beat in [0.0, 1.2] { hold.pluck(pitch(chord[0] - 12), at: start + beat, level: 0.08, decay: 0.7) }
}

// Two soft notes, twice, then nothing: "I am looking it up".
var filler = Sound(seconds: 3.2)
for start in [0.1, 1.3] {
    filler.pluck(pitch(7), at: start, level: 0.05, decay: 0.18)
    filler.pluck(pitch(10), at: start + 0.3, level: 0.05, decay: 0.18)
}

let folder = CommandLine.arguments.dropFirst().first ?? "."
try hold.write(to: folder + "/hold.wav")
try filler.write(to: folder + "/filler.wav")
