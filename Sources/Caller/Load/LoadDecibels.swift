import Foundation

/// The ratio of amplitudes that a level in decibels stands for.
func ratio(decibels level: Double) -> Double { pow(10, level / 20) }
