// SPDX-License-Identifier: Apache-2.0

// What `import Straggler` shows: these names and no others, so that it can stand beside any other module.
// Authors of methods and problems import StragglerCore too. Docs/Names.md lists the same names, and the tests
// compare both.

// Experiments
@_exported public import struct StragglerLab.Checkpoint
@_exported public import struct StragglerLab.Experiment
@_exported public import struct StragglerLab.LabError
@_exported public import enum StragglerLab.Quantity
@_exported public import class StragglerLab.Run
@_exported public import struct StragglerLab.Statistics
@_exported public import enum StragglerLab.TraceInterval
@_exported public import struct StragglerLab.TracePoint

// Searches and theory
@_exported public import struct StragglerLab.Advice
@_exported public import struct StragglerLab.AdviceFleet
@_exported public import struct StragglerLab.Adviser
@_exported public import struct StragglerLab.Comparison
@_exported public import struct StragglerCore.Conditions
@_exported public import struct StragglerLab.Forecast
@_exported public import struct StragglerLab.Situation
@_exported public import struct StragglerLab.Sweep
@_exported public import class StragglerLab.SweepJournal
@_exported public import struct StragglerLab.Tuning

// Methods and problems by name
@_exported public import struct StragglerLab.Catalogue
@_exported public import class StragglerLab.DataLibrary
@_exported public import struct StragglerLab.MethodChoice
@_exported public import struct StragglerLab.MethodEntry
@_exported public import struct StragglerLab.ProblemChoice
@_exported public import class StragglerLab.ProblemData
@_exported public import struct StragglerLab.ProblemEntry
@_exported public import enum StragglerLab.SettingValue

// What is put on a method
@_exported public import enum StragglerCore.Compression
@_exported public import struct StragglerCore.Modifiers
@_exported public import enum StragglerCore.StepRule
@_exported public import struct StragglerCore.StepsizeSchedule

// Problems
@_exported public import struct StragglerCore.Logistic
@_exported public import struct StragglerCore.NeuralNetwork
@_exported public import struct StragglerCore.Quadratic

// Workers, laws of durations and networks
@_exported public import struct StragglerData.DataError
@_exported public import struct StragglerCore.Delay
@_exported public import struct StragglerCore.DelayError
@_exported public import class StragglerLab.MixedDelay
@_exported public import class StragglerLab.RecordedDelay
@_exported public import struct StragglerData.RecordedDurations
@_exported public import struct StragglerLab.Topology
@_exported public import struct StragglerCore.Worker
@_exported public import struct StragglerLab.WorkerSpeed

// Real workers
@_exported public import struct StragglerLab.AnyMethod
@_exported public import typealias StragglerLanguage.AnyServer
@_exported public import enum StragglerRuntime.Delivery
@_exported public import struct StragglerRuntime.HogwildJob
@_exported public import class StragglerRuntime.HogwildRun
@_exported public import struct StragglerRuntime.JobLog
@_exported public import struct StragglerCore.JobOrder
@_exported public import enum StragglerCore.JobTask
@_exported public import class StragglerLab.Labour
@_exported public import struct StragglerRuntime.ParameterServer
@_exported public import class StragglerLab.RealRun
@_exported public import protocol StragglerLab.RealWorkers
@_exported public import enum StragglerCore.SetupError
@_exported public import struct StragglerCore.Stop
@_exported public import enum StragglerCore.StopReason
@_exported public import struct StragglerRuntime.RunIsGoingOn
@_exported public import enum StragglerRuntime.ServerCheckpointError
@_exported public import enum StragglerRuntime.ServerMisuse
@_exported public import class StragglerRuntime.SharedModel
@_exported public import enum StragglerRuntime.Stall
@_exported public import class StragglerLab.ThreadWorkers
@_exported public import class StragglerRuntime.ThreadedRun
@_exported public import struct StragglerLab.WorkOrder
@_exported public import struct StragglerLab.WorkRecord
@_exported public import struct StragglerLab.WorkResult
@_exported public import struct StragglerRuntime.WorkerFailure
@_exported public import struct StragglerRuntime.WorkerJob

// Reports and figures
@_exported public import struct StragglerLab.AdviceReport
@_exported public import struct StragglerLab.ComparisonReport
@_exported public import enum StragglerLab.EventReport
@_exported public import struct StragglerLab.Figure
@_exported public import enum StragglerLab.FigureStyle
@_exported public import struct StragglerLab.ForecastReport
@_exported public import struct StragglerLab.GanttChart
@_exported public import struct StragglerLab.GanttRecorder
@_exported public import struct StragglerLab.GanttSVG
@_exported public import struct StragglerLab.GanttText
@_exported public import struct StragglerLab.Plot
@_exported public import struct StragglerLab.SVGPlot
@_exported public import struct StragglerLab.SessionReport
@_exported public import struct StragglerLab.SweepReport
@_exported public import struct StragglerLab.TerminalPlot
@_exported public import struct StragglerLab.TraceReport

// Methods
@_exported public import struct StragglerCore.ACED
@_exported public import struct StragglerCore.ATA
@_exported public import struct StragglerCore.AcceleratedAmelie
@_exported public import struct StragglerCore.AcceleratedFragile
@_exported public import struct StragglerCore.AcceleratedRennala
@_exported public import struct StragglerCore.Amelie
@_exported public import struct StragglerCore.AsGrad
@_exported public import struct StragglerCore.Asynchronous
@_exported public import struct StragglerCore.DecentralizedAsynchronous
@_exported public import struct StragglerCore.DecentralizedMinibatch
@_exported public import struct StragglerCore.DelayAdaptive
@_exported public import struct StragglerCore.FedAsync
@_exported public import struct StragglerCore.FedBuff
@_exported public import struct StragglerCore.Fragile
@_exported public import struct StragglerCore.FreyaPage
@_exported public import struct StragglerCore.FreyaSGD
@_exported public import struct StragglerCore.GradientTracking
@_exported public import struct StragglerCore.Hero
@_exported public import struct StragglerCore.HeroGD
@_exported public import struct StragglerCore.HeroPage
@_exported public import struct StragglerCore.Hogwild
@_exported public import struct StragglerCore.MSynchronous
@_exported public import struct StragglerCore.Malenia
@_exported public import struct StragglerCore.MindFlayer
@_exported public import struct StragglerCore.Minibatch
@_exported public import struct StragglerCore.ModMindFlayer
@_exported public import struct StragglerCore.NaiveOptimal
@_exported public import struct StragglerCore.PIAG
@_exported public import struct StragglerCore.Parameter
@_exported public import struct StragglerCore.QSGD
@_exported public import struct StragglerCore.RelaySGD
@_exported public import struct StragglerCore.Rennala
@_exported public import struct StragglerCore.RennalaMVR
@_exported public import struct StragglerCore.Rescaled
@_exported public import struct StragglerCore.Ringleader
@_exported public import struct StragglerCore.Ringmaster
@_exported public import struct StragglerCore.Shadowheart
@_exported public import struct StragglerCore.SovietGD
@_exported public import struct StragglerCore.SovietPage
@_exported public import struct StragglerCore.Synthesis
@_exported public import struct StragglerCore.Vecna
