"""Clerks' work: one file for each activity, one function for each thing somebody does.

A function takes the equipment it needs first and its data by keyword, opens one unit of work, asks the domain, records
what happened and commits as its last line. Signing, composing, delivering and receiving have three parts with names:
claim (transaction), do (no transaction), settle (transaction). Use cases never call one another; `ports.py` says what
equipment they need and `answering.py` writes the statements that several of them owe.
"""
