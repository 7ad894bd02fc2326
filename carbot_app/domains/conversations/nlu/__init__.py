"""Built-in language understanding of customer messages (German, English, Turkish, Polish)."""

from .analyser import MessageAnalyser
from .schemas import INTENTS, LEADS, URGENCIES, DesiredDate, Entities, MessageAnalysis

__all__ = ["INTENTS", "LEADS", "URGENCIES", "DesiredDate", "Entities", "MessageAnalyser", "MessageAnalysis"]
