"""What every fault needs: the program from outside, a registry, phones, load, and the proof."""
