# SPDX-License-Identifier: Apache-2.0
# Reads a claims.csv (value, at_least, at_most, claim) and prints of each claim whether it holds, its value and its bounds.
# -v name=FIGURE

NR > 1 {
  split($0, field, ",")
  text = $0
  sub(/^[^,]*,[^,]*,[^,]*,/, "", text)
  gsub(/^"|"$/, "", text)
  gsub(/""/, "\"", text)
  printf "%-5s  %-10s  %-26s  %s: %s\n", holds(field[1], field[2], field[3]) ? "holds" : "FAILS", brief(field[1]), \
    bounds(field[2], field[3]), name, text
}

function holds(value, least, most) {
  if (value == "nan" || value == "-nan" || value == "") return 0
  return above(value, least) && above(most, value)
}

# Whether a ≥ b, both written as numbers, inf or -inf; an empty one is no bound.
function above(a, b) {
  if (a == "" || b == "" || a == "inf" || b == "-inf") return 1
  if (a == "-inf" || b == "inf") return 0
  return a + 0 >= b + 0
}

function brief(number) { return number ~ /[0-9]/ ? sprintf("%.5g", number) : number }

function bounds(least, most) {
  least = least == "-inf" || least == "" ? "" : "at least " brief(least)
  most = most == "inf" || most == "" ? "" : "at most " brief(most)
  return least == "" || most == "" ? least most : least ", " most
}
