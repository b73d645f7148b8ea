import StragglerShell

Shell().main()
