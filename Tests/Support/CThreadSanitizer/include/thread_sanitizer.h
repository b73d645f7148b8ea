// SPDX-License-Identifier: Apache-2.0

// Shows the thread sanitizer what it cannot see. Linking it is enough.
#pragma once
