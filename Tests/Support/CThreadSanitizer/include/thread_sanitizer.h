// Shows the thread sanitizer what it cannot see. Linking it is enough.
#pragma once
