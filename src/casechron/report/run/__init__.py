"""How are notebooks run, and how do their reports take their place?"""
