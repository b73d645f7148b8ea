@_exported public import StragglerCore
@_exported public import StragglerData
@_exported public import StragglerLab
@_exported public import StragglerRuntime
