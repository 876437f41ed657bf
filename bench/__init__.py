"""Speed, as ratios measured in one run: our path and its yardstick in turn, several times, medians."""
