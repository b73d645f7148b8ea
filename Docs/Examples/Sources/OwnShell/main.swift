import Straggler
import StragglerShell

// The whole of `straggler`, in which `method solo`, `problem valley` and `delay=burr(c,k,scale)` can be said.
var catalogue = Catalogue()
catalogue.add(Solo.self)
catalogue.add(Valley<Double>.self, Valley<Float>.self)
catalogue.add(Burr.self)
Shell(catalogue: catalogue).main()
