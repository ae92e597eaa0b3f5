"""Who visits whom for months: every elder one visitor, no visitor more than she can carry. Pure.

Words: an *elder* needs so many *visits* a month; a *visitor* can make so many (*load*); an *arc* is an elder and a
visitor who may be paired; its *cost* has named parts (points for each visit or for the pair); a *price* is what one
more visit of a visitor would be worth; a *helper* is somebody who is not there yet and would serve her own village.

Doors: `problem` (the words as values), `solving.solve(problem) -> Solution`, `checking` (the judge: faults, parts, the
bound), `offering` (one elder's possible visitors with their costs, and why not the others).

What is sought
    x[e,v] in {0,1}, one v for each e;  sum over e of w[e] x[e,v] <= load[v];  v not forbidden to e, not of e's
    household, and within the distance (in one's own village always).
    First the fewest helpers, then the least  sum c[e,v] x[e,v] + sum over v of G_v(visits of v),  with G_v convex:
    each visit beyond half of a visitor's load costs `uneven` points, beyond three quarters twice as many.

How it is found, and why it is nearly the best
    With w[e] units flowing from e, this is a transportation problem with convex costs; its linear relaxation has whole
    solutions. Successive shortest paths with prices (Ahuja, Magnanti, Orlin, Network Flows, 1993, chapters 9 and 14;
    Jonker and Volgenant 1987 for the search that stops at the first free visitor) give the optimum and the prices p.
    For ANY prices p >= 0
        bound(p) = sum over e of min over v of (c[e,v] + w[e] p[v])  +  sum over v of min over k of (G_v(k) - p[v] k)
    is at most the cost of every assignment; at the optimum of the relaxation it equals that optimum. `checking.bound`
    computes it from the prices alone, so a mistake in the search can only make the bound worse, never false.
    Where all elders need the same number of visits the solution is optimal and the gap is 0. Where numbers differ an
    elder cannot be cut in two: the relaxation is solved, those who need most and came out cut are placed first, and
    the rest is solved again, down to those who need one visit, who are solved exactly. The gap that is left is told.

The fewest helpers (`shortage`)
    least(v) = visits of village v that find no room even when every visitor in reach works for v alone (a maximum
    flow). Each solution needs ceil(least(v) / load of a helper) helpers in v: that is the bound per village. With
    those placed, what still finds no room falls into parts that share no visitor (Hall's condition fails in each); a
    part that lacks n visits needs ceil(n / load of a helper) more. Where all ways to place fewer have been tried and
    none does, the number is proven; else the bound and the number are both told.
"""
