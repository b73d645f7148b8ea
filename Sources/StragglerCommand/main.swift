// SPDX-License-Identifier: Apache-2.0

import StragglerShell

Shell().main()
