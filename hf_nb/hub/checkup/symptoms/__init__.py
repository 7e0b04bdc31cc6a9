"""What the doctor looks at, a file for each part of the body: functions that give findings, and ask nothing twice."""
